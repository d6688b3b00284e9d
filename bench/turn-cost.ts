/**
 * What a turn costs the agent itself as its conversation grows: from the end of one answer to the request for the next,
 * tool call included. Beside the same when the chat was new. It may grow with the length of the request, which has to be
 * read, built and hashed each time, and no faster.
 */
import { nowMs, startAgentStack } from './agent-stack.ts'
import { percentile, report, times } from './measure.ts'

const TURNS_OF_A_RUN = 20
const RUNS = times(40, 6)

await using stack = await startAgentStack()
const { id } = await stack.chat()
const costs: number[] = []
const sizes: number[] = []
let endedAt = 0
for (let run = 0; run < RUNS; run++) {
  for (let turn = 0; turn < TURNS_OF_A_RUN; turn++)
    stack.model.answer(callAgain(run * TURNS_OF_A_RUN + turn, turn))
  stack.model.answer((say, request) => {
    note(request)
    say.text('Done with this part. '.repeat(10))
    say.end()
  })
  await stack.ended(await stack.send(id, `Part ${run}`))
}

const perTurn = (from: number) => percentile(costs.slice(from, from + TURNS_OF_A_RUN), 50)
const first = perTurn(TURNS_OF_A_RUN)
for (const runs of [0.25, 0.5, 1].map((share) => Math.floor(RUNS * share))) {
  const from = (runs - 1) * TURNS_OF_A_RUN
  const entries = runs * (2 * TURNS_OF_A_RUN + 2)
  const kilobytes = Math.round(sizes[from]! / 1_000)
  report(`cost of a turn in a chat of ${entries} entries (${kilobytes} kB) p50`, 'ms', perTurn(from), first)
}

function callAgain(nth: number, turn: number): Parameters<typeof stack.model.answer>[0] {
  return (say, request) => {
    if (turn > 0) note(request)
    say.text(`Step ${nth}. ${'Some words about what comes next. '.repeat(5)}`)
    say.call('write_file', {
      path: `src/part-${nth % 50}.ts`,
      content: `export const step = ${nth}\n`.repeat(20),
    })
    say.end('tool_use')
    endedAt = nowMs()
  }
}

function note(request: unknown) {
  costs.push(nowMs() - endedAt)
  sizes.push(JSON.stringify(request).length)
}
