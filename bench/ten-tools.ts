/**
 * Ten tools of 300 ms in one answer: how long after their last block all have ended, beside the same work begun after the
 * message, all at once and one by one. No tool of Baton's takes 300 ms, so one is lent to the agent, which is driven in
 * this process.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { databaseUrl } from '../local/config.ts'
import { silentLog } from '../local/testing/throwaway.ts'
import { openConnections } from '../supabase/functions/agent/connections.ts'
import { drive } from '../supabase/functions/agent/drive.ts'
import { openModel } from '../supabase/functions/agent/model.ts'
import { readSettings } from '../supabase/functions/agent/settings.ts'
import { TOOLS } from '../supabase/functions/agent/tools/index.ts'
import { done, type Tool } from '../supabase/functions/agent/tools/tool.ts'
import { nowMs, startAgentStack } from './agent-stack.ts'
import { millisecondsOf, percentile, report, times } from './measure.ts'

const TOOL_MS = 300
const BETWEEN_BLOCKS_MS = 100
const CALLS = Array.from({ length: 10 }, (_, at) => at)

const slow: Tool<object> = {
  name: 'wait_a_while',
  description: 'Takes a while.',
  schema: { type: 'object', properties: {}, additionalProperties: false },
  permission: 'read',
  limitMs: 10_000,
  paths: () => [],
  async run() {
    await pause(TOOL_MS)
    return done('Waited.')
  },
}
;(TOOLS as Tool[]).push(slow as Tool)

await using stack = await startAgentStack([])
const sql = stack.sqlAsPostgres
await sql`create table public.marks (id bigint generated always as identity primary key, at timestamptz)`
const url = databaseUrl(stack.config, 'postgres')
const settings = readSettings({
  SUPABASE_DB_URL: url,
  ANTHROPIC_API_KEY: 'key-of-benches',
  ANTHROPIC_BASE_URL: stack.config.model.baseUrl,
})
const connections = openConnections(url)
const log = { ...silentLog, with: () => log }
const world = {
  settings,
  connections,
  model: openModel(settings),
  attachments: { load: async () => new Map() },
  pass: () => {},
  load: { answersAtOnce: 0, lastWriteMs: 0 },
  leaving: new AbortController().signal,
}

const ours: number[] = []
const atOnce: number[] = []
const oneByOne: number[] = []
for (let round = -1; round < times(10, 2); round++) {
  const took = await answerWithTools()
  const together = await millisecondsOf(() => Promise.all(CALLS.map(work)))
  const inTurn = await millisecondsOf(async () => {
    for (const _ of CALLS) await work()
  })
  if (round < 0) continue
  ours.push(took)
  atOnce.push(together)
  oneByOne.push(inTurn)
}
await connections.close()
const title = 'ten 300 ms tools in one answer, last block → all ended'
report(
  `${title}, beside all at once after the message p50`,
  'ms',
  percentile(ours, 50),
  percentile(atOnce, 50),
)
report(
  `${title}, beside one by one after the message p50`,
  'ms',
  percentile(ours, 50),
  percentile(oneByOne, 50),
)

async function work() {
  await pause(TOOL_MS)
  await sql`insert into public.marks (at) values (clock_timestamp())`
}

async function answerWithTools(): Promise<number> {
  let lastBlockAt = 0
  stack.model.answer(
    async (say) => {
      for (const _ of CALLS) {
        await pause(BETWEEN_BLOCKS_MS)
        say.call('wait_a_while', {})
      }
      lastBlockAt = nowMs()
      say.end('tool_use')
    },
    (say) => {
      say.text('Done.')
      say.end()
    },
  )
  const { id } = await stack.chat()
  const runId = await stack.send(id, 'Wait')
  const end = await drive(runId, 'bench', { ...world, startedAt: Date.now() }, log)
  if (end !== 'completed') throw new Error(`The run ended otherwise: ${end}.`)
  const [row] = await sql<{ at: number }[]>`
    select (extract(epoch from max(ended_at)) * 1000)::float8 as at from public.tool_calls where run_id = ${runId}`
  return row!.at - lastBlockAt
}
