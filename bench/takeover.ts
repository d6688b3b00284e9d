/**
 * The process of the agent is killed with -9 in mid-answer, on Baton as it is started: until the next worker has claimed
 * the run. Beside what was left of the lease at that moment, before which nobody may.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { nowMs, startAgentStack } from './agent-stack.ts'
import { percentile, report, times } from './measure.ts'

/** A process that dies soon after its start is started again with a delay. */
const STEADY_AFTER_MS = 10_500

await using stack = await startAgentStack()
const sql = stack.sqlAsPostgres
const tookOver: number[] = []
const leases: number[] = []
for (let round = 0; round < times(12, 2); round++) {
  await pause(STEADY_AFTER_MS)
  const { took, lease } = await killInMidAnswer()
  tookOver.push(took)
  leases.push(lease)
}
for (const share of [50, 95, 100]) {
  const name = share === 100 ? 'max' : `p${share}`
  report(
    `kill -9 of the agent → its run is claimed again ${name}`,
    'ms',
    percentile(tookOver, share),
    percentile(leases, share),
  )
}

async function killInMidAnswer() {
  const chat = await stack.chat()
  const killed = new Promise<number>((settle) => {
    stack.model.answer(
      async (say) => {
        say.open({ type: 'text', text: '' })
        for (let word = 0; word < 20; word++) {
          say.grow({ type: 'text_delta', text: 'word ' })
          await pause(50 + Math.random() * 50)
        }
        process.kill(await agentPid(), 'SIGKILL')
        settle(nowMs())
      },
      (say) => {
        say.text('Done.')
        say.end()
      },
    )
  })
  const runId = await stack.send(chat.id, 'Go')
  const at = await killed
  const [left] = await sql<{ ms: number }[]>`
    select (extract(epoch from lease_expires_at) * 1000)::float8 as ms from public.runs where id = ${runId}`
  await stack.ended(runId)
  const [next] = await sql<{ ms: number }[]>`
    select (extract(epoch from claimed_at) * 1000)::float8 as ms from public.runs where id = ${runId}`
  return { took: next!.ms - at, lease: left!.ms - at }
}

async function agentPid(): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${stack.config.internal.functions}/_internal/health`)
  const { functions } = (await response.json()) as { functions: { name: string; pid: number }[] }
  return functions.find(({ name }) => name === 'agent')!.pid
}
