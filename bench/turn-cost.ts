/**
 * What a turn costs the agent itself as its conversation grows: from the end of an answer that called a tool to the next
 * turn, opened with its request built and hashed. Beside the same when the chat was new. It may grow with the length of
 * the request, which is all there is to send each time, and no faster.
 */
import { nowMs, startAgentStack } from './agent-stack.ts'
import { percentile, report, times } from './measure.ts'

const TURNS_OF_A_RUN = 20
const RUNS = times(40, 6)

await using stack = await startAgentStack()
const { id } = await stack.chat()
const endedAt: number[] = []
const sizes: number[] = []
for (let run = 0; run < RUNS; run++) {
  for (let turn = 0; turn < TURNS_OF_A_RUN; turn++) stack.model.answer(callAgain(run * TURNS_OF_A_RUN + turn))
  stack.model.answer((say) => {
    endedAt.push(nowMs())
    say.text('Done with this part. '.repeat(10))
    say.end()
  })
  await stack.ended(await stack.send(id, `Part ${run}`))
}

const turns = await stack.sqlAsPostgres<{ at: number }[]>`
  select (extract(epoch from started_at) * 1000)::float8 as at from public.turns where chat_id = ${id} order by turn`
const first = costOf(1)
for (const run of [0.25, 0.5, 1].map((share) => Math.floor(RUNS * share))) {
  const entries = run * (2 * TURNS_OF_A_RUN + 2)
  const kilobytes = Math.round(sizes[run * TURNS_OF_A_RUN - 1]! / 1_000)
  report(`cost of a turn in a chat of ${entries} entries (${kilobytes} kB) p50`, 'ms', costOf(run), first)
}

/** Of the turns of the nth run, but for its first. */
function costOf(run: number): number {
  const from = (run - 1) * (TURNS_OF_A_RUN + 1)
  const costs = turns
    .slice(from + 1, from + TURNS_OF_A_RUN + 1)
    .map(({ at }, nth) => at - endedAt[from + nth]!)
  return percentile(costs, 50)
}

function callAgain(nth: number): Parameters<typeof stack.model.answer>[0] {
  return (say, request) => {
    sizes.push(JSON.stringify(request.messages).length)
    say.text(`Step ${nth}. ${'Some words about what comes next. '.repeat(5)}`)
    say.call('write_file', {
      path: `src/part-${nth % 50}.ts`,
      content: `export const step = ${nth}\n`.repeat(20),
    })
    say.end('tool_use')
    endedAt.push(nowMs())
  }
}
