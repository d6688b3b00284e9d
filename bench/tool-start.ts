/** How soon a tool runs after its block closed in the stream, beside one bare insert from here. */
import { setTimeout as pause } from 'node:timers/promises'
import { nowMs, startAgentStack } from './agent-stack.ts'
import { millisecondsOf, reportPercentiles, times } from './measure.ts'

const CALLS = 10
const BETWEEN_BLOCKS_MS = 30

await using stack = await startAgentStack()
const sql = stack.sqlAsPostgres
await sql`create table public.marks (id bigint generated always as identity primary key, at timestamptz)`
const { id } = await stack.chat()
const started: number[] = []
const inserted: number[] = []
for (let round = -2; round < times(30, 6); round++) {
  const [ours, reference] = await callTools(round)
  if (round < 0) continue
  started.push(...ours)
  inserted.push(...reference)
}
reportPercentiles('tool block closed in the stream → tool runs', started, inserted)

async function callTools(round: number): Promise<[number[], number[]]> {
  const closed = new Map<string, number>()
  const reference: number[] = []
  stack.model.answer(
    async (say) => {
      for (let call = 0; call < CALLS; call++) {
        const apiId = `toolu_${round + 2}_${call}`
        say.open({ type: 'tool_use', id: apiId, name: 'list_files', input: {} })
        say.grow({ type: 'input_json_delta', partial_json: '{}' })
        await pause(BETWEEN_BLOCKS_MS)
        reference.push(
          await millisecondsOf(() => sql`insert into public.marks (at) values (clock_timestamp())`),
        )
        closed.set(apiId, nowMs())
        say.close()
      }
      say.end('tool_use')
    },
    (say) => {
      say.text('Done.')
      say.end()
    },
  )
  await stack.ended(await stack.send(id, `Round ${round}`))
  const calls = await sql<{ api_id: string; at: number }[]>`
    select api_id, (extract(epoch from started_at) * 1000)::float8 as at
    from public.tool_calls where api_id = any(${[...closed.keys()]})`
  return [calls.map(({ api_id, at }) => at - closed.get(api_id)!), reference]
}
