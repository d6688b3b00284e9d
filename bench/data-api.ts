/** Requests of a signed-in person to the data API, beside the same SQL with the same role and claims, without HTTP. */
import type postgres from 'postgres'
import { apiUrl } from '../local/config.ts'
import { asPerson, createPerson, createTeam } from '../local/testing/person.ts'
import { load, percentile, report, times } from './measure.ts'
import { startStack } from './stack.ts'

await using stack = await startStack(['gateway'])
const person = await createPerson(stack.config, stack.sql('supabase_admin'))
const team = await createTeam(stack.sql('authenticator'), person)
const rest = `${apiUrl(stack.config)}/rest/v1`
const headers = {
  apikey: stack.config.keys.publishable,
  authorization: `Bearer ${person.token}`,
  'content-type': 'application/json',
}

type Query = (sql: postgres.TransactionSql) => Promise<unknown>
const select: Query = (sql) => sql`select id, name, created_at from public.teams where id = ${team.id}`
const snapshot: Query = (sql) => sql`select public.team_snapshot(${team.id})`

for (const workers of [1, 32]) {
  const sql = stack.sql('authenticator', workers)
  await compare('select by id', workers, getTeam, () => asPerson(sql, person, select))
  await compare('team_snapshot', workers, getSnapshot, () => asPerson(sql, person, snapshot))
}

function getTeam() {
  return answered(fetch(`${rest}/teams?id=eq.${team.id}&select=id,name,created_at`, { headers }))
}

function getSnapshot() {
  const body = JSON.stringify({ team_id: team.id })
  return answered(fetch(`${rest}/rpc/team_snapshot`, { method: 'POST', headers, body }))
}

async function answered(request: Promise<Response>) {
  const response = await request
  const text = await response.text()
  if (!response.ok || !text.includes(team.id)) throw new Error(`${response.status} ${text}`)
}

/** In turns, so that whatever else the machine does meets both. */
async function compare(
  name: string,
  workers: number,
  request: () => Promise<unknown>,
  query: () => Promise<unknown>,
) {
  const ours: number[] = []
  const reference: number[] = []
  const rates = { ours: 0, reference: 0 }
  const turns = times(8, 2)
  for (let turn = 0; turn < turns; turn++) {
    const queried = await load(workers, 600, query)
    const requested = await load(workers, 600, request)
    reference.push(...queried.samples)
    ours.push(...requested.samples)
    rates.reference += queried.perSecond / turns
    rates.ours += requested.perSecond / turns
  }
  const title = `data API, ${name}, ${workers} at once`
  report(title, 'requests/s', rates.ours, rates.reference)
  for (const share of [50, 95]) {
    report(`${title} p${share}`, 'ms', percentile(ours, share), percentile(reference, share))
  }
}
