/** A page that missed 1,000 events: until its screen is up to date, beside one plain select of those 1,000 rows. */
import { QueryClient } from '@tanstack/react-query'
import { createPerson, createTeam } from '../local/testing/person.ts'
import { openFeed } from '../src/feed/open-feed.ts'
import { supabaseTransport } from '../src/feed/supabase-transport.ts'
import { applyTeamChange } from '../src/teams/team-changes.ts'
import type { TeamSnapshot, Topic } from '../supabase/functions/_shared/protocol.ts'
import { millisecondsOf, reportPercentiles, times } from './measure.ts'
import { startStack } from './stack.ts'

const MISSED = 1_000
const queryKey = ['team']

await using stack = await startStack(['realtime', 'gateway'])
const sql = stack.sql('postgres')
const person = await createPerson(stack.config, stack.sql('supabase_admin'))
const team = await createTeam(stack.sql('authenticator'), person)
const topic: Topic = `team:${team.id}`
const client = stack.client(person)
const transport = supabaseTransport(async () => client)

const before = await loadSnapshot()
await sql`
  select public.append_event(${topic}, 'member.renamed',
    jsonb_build_object('user_id', ${person.id}::text, 'display_name', 'Name ' || n, 'email', 'bench@bench.test'))
  from generate_series(1, ${MISSED}) n`

const caughtUp: number[] = []
const selected: number[] = []
for (let round = -3; round < times(40, 10); round++) {
  const reference = await millisecondsOf(selectMissed)
  const ours = await millisecondsOf(catchUp)
  if (round < 0) continue
  selected.push(reference)
  caughtUp.push(ours)
}
reportPercentiles(`${MISSED} events missed, caught up`, caughtUp, selected)

async function loadSnapshot(): Promise<TeamSnapshot> {
  const { data, error } = await client.rpc('team_snapshot', { team_id: team.id })
  if (error) throw error
  return data
}

async function selectMissed() {
  const rows = await sql`
    select topic, seq, kind, payload, at from public.events
    where topic = ${topic} and seq > ${before.seq} order by seq`
  if (rows.length !== MISSED) throw new Error(`${rows.length} rows`)
}

async function catchUp() {
  const queryClient = new QueryClient()
  queryClient.setQueryData(queryKey, before)
  const isCaughtUp = new Promise<void>((resolve) => {
    queryClient.getQueryCache().subscribe(() => {
      if (queryClient.getQueryData<TeamSnapshot>(queryKey)?.seq === before.seq + MISSED) resolve()
    })
  })
  const feed = openFeed<TeamSnapshot>(
    { topic, queryKey, load: loadSnapshot, apply: applyTeamChange },
    { transport, queryClient },
  )
  await isCaughtUp
  feed.close()
}
