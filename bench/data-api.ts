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

async function compare(
  name: string,
  workers: number,
  request: () => Promise<unknown>,
  query: () => Promise<unknown>,
) {
  const duration = times(5_000, 1_000)
  const reference = await load(workers, duration, query)
  const ours = await load(workers, duration, request)
  const title = `data API, ${name}, ${workers} at once`
  report(title, 'requests/s', ours.perSecond, reference.perSecond)
  for (const share of [50, 95]) {
    report(`${title} p${share}`, 'ms', percentile(ours.samples, share), percentile(reference.samples, share))
  }
}
