/**
 * What it costs to do a piece of work durably, one after the other and 32 at once: a step of a run (a call begins, and
 * ends with its result) and a whole run (claimed, and ended), events included. Beside the jobs of graphile-worker on the
 * same database, which do nothing.
 */
import { randomUUID } from 'node:crypto'
import { Logger, run, runMigrations } from 'graphile-worker'
import type postgres from 'postgres'
import { databaseUrl } from '../local/config.ts'
import { startAgentStack } from './agent-stack.ts'
import { millisecondsOf, percentile, report, times } from './measure.ts'

type Held = { runId: string; token: number; entries: { id: string; callId: string }[] }
type Samples = { one: number[]; manyMs: number; many: number }

const AT_ONCE = 32
const ALONE = times(400, 60)
const EACH = times(60, 8)

await using stack = await startAgentStack([])
const one = stack.sql('postgres', 1)
const many = stack.sql('postgres', AT_ONCE)
await Promise.all(Array.from({ length: AT_ONCE }, () => many`select pg_sleep(0.05)`))
const chats = await inTurn(AT_ONCE, () => stack.chat())

const jobs = await measureJobs()
const runs = await measureRuns()
const steps = await measureSteps()
for (const [name, ours] of [
  ['step of a run (begin, end)', steps],
  ['run (claim, end)', runs],
] as const) {
  for (const share of [50, 95]) {
    report(
      `durable ${name}, one at a time p${share}`,
      'ms',
      percentile(ours.one, share),
      percentile(jobs.one, share),
    )
  }
  report(`durable ${name}, ${AT_ONCE} at once`, '1/s', perSecond(ours), perSecond(jobs))
}

async function measureRuns(): Promise<Samples> {
  const claimAndEnd = async (sql: postgres.Sql, runId: string) => {
    const { token } = await claim(sql, runId)
    await sql`select public.finish_run(${runId}::uuid, ${token}::bigint, 'completed', 'end_turn')`
  }
  const samples: number[] = []
  for (const chat of chats.slice(0, 1)) {
    for (let at = -20; at < ALONE; at++) {
      const runId = await stack.send(chat.id, 'Go')
      const took = await millisecondsOf(() => claimAndEnd(one, runId))
      if (at >= 0) samples.push(took)
    }
  }
  let manyMs = 0
  for (let round = 0; round < EACH; round++) {
    const ids = await inTurn(AT_ONCE, (at) => stack.send(chats[at]!.id, 'Go'))
    manyMs += await millisecondsOf(() => Promise.all(ids.map((runId) => claimAndEnd(many, runId))))
  }
  return { one: samples, manyMs, many: EACH * AT_ONCE }
}

async function measureSteps(): Promise<Samples> {
  const step = async (sql: postgres.Sql, { runId, token }: Held, { id, callId }: Held['entries'][number]) => {
    await sql`select public.close_tool_use(${id}::uuid, ${runId}::uuid, ${token}::bigint, '{}')`
    await sql`select public.finish_tool_call(${callId}::uuid, ${runId}::uuid, ${token}::bigint, 'Done.')`
  }
  const held = await inTurn(AT_ONCE, (at) => holdRun(chats[at]!.id, at === 0 ? ALONE + 20 + EACH : EACH))
  const samples: number[] = []
  for (const entry of held[0]!.entries.splice(0, ALONE + 20)) {
    samples.push(await millisecondsOf(() => step(one, held[0]!, entry)))
  }
  const manyMs = await millisecondsOf(() =>
    Promise.all(
      held.map(async (run) => {
        for (const entry of run.entries) await step(many, run, entry)
      }),
    ),
  )
  return { one: samples.slice(20), manyMs, many: EACH * AT_ONCE }
}

/** A run with a turn of so many calls, whose blocks are about to close. */
async function holdRun(chatId: string, calls: number): Promise<Held> {
  const runId = await stack.send(chatId, 'Go')
  const { token, stageId } = await claim(one, runId)
  const turnId = randomUUID()
  await one`select public.open_turn(${turnId}::uuid, ${runId}::uuid, ${token}::bigint, ${stageId}::uuid, 'bench', '', '{}')`
  const entries = Array.from({ length: calls }, () => ({ id: randomUUID(), callId: randomUUID() }))
  for (const [index, { id, callId }] of entries.entries()) {
    await one`select public.open_entry(${id}::uuid, ${runId}::uuid, ${token}::bigint, ${turnId}::uuid, ${index}::int,
      'tool_use', ${callId}::uuid, ${callId}, 'list_files')`
    await one`update public.entries set state = 'closed' where id = ${id}` // else the next could not begin
  }
  await one`update public.entries set state = 'open' where turn_id = ${turnId}`
  return { runId, token, entries }
}

async function claim(sql: postgres.Sql, runId: string): Promise<{ token: number; stageId: string }> {
  const [row] = await sql<{ claim: { token: number; stage: { id: string } } }[]>`
    select public.claim_run(${runId}::uuid, 'bench', 600) as claim`
  return { token: row!.claim.token, stageId: row!.claim.stage.id }
}

/** A round of theirs: a job is done, and the next is there. */
async function measureJobs(): Promise<Samples> {
  const connectionString = databaseUrl(stack.config, 'postgres')
  const logger = new Logger(() => () => {})
  await runMigrations({ connectionString, logger })
  const startsOf = async (concurrency: number, count: number) => {
    await one`select graphile_worker.add_job('nothing') from generate_series(1, ${count}::int)`
    const starts: number[] = []
    let isOver = () => {}
    const over = new Promise<void>((settle) => {
      isOver = settle
    })
    const nothing = async () => {
      if (starts.push(performance.now()) === count) isOver()
    }
    const options = {
      connectionString,
      logger,
      concurrency,
      maxPoolSize: concurrency + 2,
      noHandleSignals: true,
    }
    const runner = await run({ ...options, taskList: { nothing } })
    await over
    await runner.stop()
    return starts
  }
  const alone = (await startsOf(1, ALONE + 20)).slice(19)
  const together = await startsOf(AT_ONCE, EACH * AT_ONCE)
  return {
    one: alone.slice(1).map((at, index) => at - alone[index]!),
    manyMs: together.at(-1)! - together[0]!,
    many: together.length,
  }
}

function perSecond({ many: count, manyMs }: Samples): number {
  return (count / manyMs) * 1_000
}

async function inTurn<Made>(count: number, make: (at: number) => Promise<Made>): Promise<Made[]> {
  const all: Made[] = []
  for (let at = 0; at < count; at++) all.push(await make(at))
  return all
}
