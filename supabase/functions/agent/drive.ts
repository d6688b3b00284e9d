/**
 * Drives one run for as long as this process may live: reads the rows, asks the kernel what comes next, does it, and
 * looks again. Everything that matters is in rows before the next look, so it may end anywhere.
 *
 * It ends by itself when the run is done or waits, when its time is nearly up (then it hands over), and when `broken`
 * says that its writes no longer count: another worker has the lease, a person pressed stop, the database is away. In
 * that case it stops at once, leaves everything as it is, and whoever claims the run settles what is left.
 */
import type { Log } from '../_shared/log.ts'
import type { AttachmentStore } from './attachment-store.ts'
import { afterFault } from './backoff.ts'
import { coalesceMs, type Load } from './coalesce.ts'
import { estimateTokens } from './compaction.ts'
import type { Connections } from './connections.ts'
import type { Claim, Entry, RunRows } from './conversation.ts'
import type { Pass } from './faults.ts'
import { buildRequest, metaFor } from './history.ts'
import type { Model } from './model.ts'
import { ModelError, type ModelFault } from './model-fault.ts'
import { nextStep, type Step } from './next-step.ts'
import { factsOf } from './prices.ts'
import { isLeaseLost } from './refusal.ts'
import { claimRun, openRows, type Rows } from './rows.ts'
import { createToolRunner, isAway, type ToolRunner } from './run-tools.ts'
import type { Settings } from './settings.ts'
import { timeLeftMs } from './should-hand-over.ts'
import { summarise } from './summarise.ts'
import { takeTurn } from './take-turn.ts'
import { createWorkspace } from './workspace.ts'

export type World = {
  settings: Settings
  connections: Connections
  model: Model
  attachments: AttachmentStore
  pass: Pass
  load: Load
  /** Aborted when the platform is about to end this process. */
  leaving: AbortSignal
  /** When this process began, which its time is counted from. */
  startedAt: number
}

export type End =
  | 'nothing to claim'
  | 'completed'
  | 'failed'
  | 'waits for a person'
  | 'handed over'
  | 'lease lost'
  | 'database away'

const MOST_STEPS = 40

export async function drive(runId: string | null, worker: string, world: World, log: Log): Promise<End> {
  const { sql, release } = world.connections.take()
  try {
    const claim = await claimRun(sql, runId, worker, world.settings.leaseSeconds, world.pass)
    if (!claim) return 'nothing to claim'
    const rows = openRows(sql, claim, world.pass)
    return await driveClaimed(claim, rows, world, log.with({ run: claim.run.id, token: claim.token }))
  } catch (error) {
    if (!isAway(error)) throw error
    log.warn('the database is away', { error })
    return 'database away'
  } finally {
    release()
  }
}

async function driveClaimed(claim: Claim, rows: Rows, world: World, log: Log): Promise<End> {
  const { settings, leaving, startedAt } = world
  const broken = new AbortController()
  const onBroken = (error: unknown) => broken.abort(error)
  const timeIsUp = AbortSignal.timeout(timeLeftMs({ startedAt, now: Date.now(), wallMs: settings.wallMs }))
  const signal = AbortSignal.any([broken.signal, timeIsUp, leaving])
  const heartbeat = setInterval(
    () => rows.extendLease(settings.leaseSeconds).catch(onBroken),
    (settings.leaseSeconds * 1_000) / 4,
  )
  const driver = { claim, rows, world, signal, onBroken, log }
  try {
    return await keepGoing(driver)
  } catch (error) {
    return await endBy(broken.signal.aborted ? broken.signal.reason : error, driver)
  } finally {
    clearInterval(heartbeat)
  }
}

type Driver = {
  claim: Claim
  rows: Rows
  world: World
  signal: AbortSignal
  onBroken(error: unknown): void
  log: Log
}

async function endBy(error: unknown, { rows, signal, onBroken, log }: Driver): Promise<End> {
  if (isLeaseLost(error)) return 'lease lost'
  if (isAway(error)) {
    log.warn('the database is away', { error })
    return 'database away'
  }
  const isTime = signal.aborted && error === signal.reason
  onBroken(error)
  try {
    if (isTime) {
      await rows.handOver()
      return 'handed over'
    }
    log.error('the run failed by a mistake of ours', { error })
    const { name, message, stack, cause } = error as Error
    await rows.finishRun('failed', 'internal_error', {
      type: 'internal_error',
      name,
      message,
      stack: stack ?? null,
      cause: cause === undefined ? null : String(cause),
    })
    return 'failed'
  } catch (last) {
    if (isLeaseLost(last)) return 'lease lost'
    throw last
  }
}

/** What a drive remembers between steps; all of it can be found again. */
type Memory = { history: Entry[]; tools: ToolRunner; withoutThinking: boolean; tooLong: boolean }

async function keepGoing(driver: Driver): Promise<End> {
  const { rows, world, claim, signal } = driver
  const memory = await remember(driver)
  const model = modelFor(claim, world)
  for (;;) {
    signal.throwIfAborted()
    const state = await rows.read()
    const step = nextStep({
      history: memory.history,
      rows: state,
      clock: { startedAt: world.startedAt, now: Date.now(), wallMs: world.settings.wallMs },
      limits: {
        steps: MOST_STEPS,
        dollars: world.settings.runBudgetDollars,
        windowTokens: world.settings.windowTokens ?? factsOf(model).contextTokens,
      },
      contextTokens: memory.tooLong ? Number.POSITIVE_INFINITY : estimateTokens(memory.history, state.turns),
    })
    driver.log.debug('step', { step: step.kind })
    const end = await carryOut(step, state, memory, driver)
    if (end) return end
    memory.history = await refreshed(memory.history, rows)
  }
}

async function remember({ rows, signal, onBroken }: Driver): Promise<Memory> {
  const history = await rows.readHistory()
  const callIds = history.flatMap(({ tool_call }) => tool_call?.id ?? [])
  const workspace = createWorkspace(rows, await rows.versionsSeen(callIds))
  const tools = createToolRunner({ rows, workspace, signal, onBroken })
  return { history, tools, withoutThinking: false, tooLong: false }
}

async function carryOut(step: Step, state: RunRows, memory: Memory, driver: Driver): Promise<End | null> {
  const { rows } = driver
  const { tools } = memory
  switch (step.kind) {
    case 'run_tools':
      for (const call of step.calls) tools.startAgain(call)
      await tools.settled()
      return null
    case 'wait_for_person':
      return (await rows.waitForPerson()) ? 'waits for a person' : null
    case 'take_messages':
      await rows.takeMessages()
      return null
    case 'finish':
      await rows.finishRun('completed', 'end_turn')
      return 'completed'
    case 'stop':
      return await stop(step.reason, step.message, driver)
    case 'hand_over':
      await rows.handOver()
      return 'handed over'
    case 'compact':
      return await compact(state, memory, driver)
    case 'call_model':
      return await callModel(state, memory, driver)
  }
}

/** Said in the conversation too, so that the model knows of it when somebody lets it go on. */
async function stop(
  reason: string,
  message: string,
  { rows }: Driver,
  details: unknown = null,
): Promise<End> {
  await rows.addNotice(message, { stopped: reason })
  await rows.finishRun('failed', reason, { type: reason, message, details })
  return 'failed'
}

async function callModel(state: RunRows, memory: Memory, driver: Driver): Promise<End | null> {
  const { claim, rows, world, signal, onBroken } = driver
  const { tools } = memory
  const meta = metaFor(modelFor(claim, world), memory.withoutThinking)
  const request = buildRequest(memory.history, meta, await world.attachments.load(memory.history))
  world.load.answersAtOnce++
  try {
    const { stopReason, details, fault } = await takeTurn({
      rows,
      model: world.model,
      stage: state.stage,
      request,
      meta,
      tools,
      signal,
      onBroken,
      delayMs: () => coalesceMs(world.load),
      onWritten: (ms) => {
        world.load.lastWriteMs = ms
      },
    })
    await tools.settled()
    signal.throwIfAborted()
    if (fault) return await bear(fault, state, memory, driver)
    if (stopReason === 'refusal') return await stop('refusal', REFUSED, driver, details)
    return null
  } finally {
    world.load.answersAtOnce--
  }
}

const REFUSED = 'The model declined to go on with this request.'

async function compact(state: RunRows, memory: Memory, driver: Driver): Promise<End | null> {
  const { claim, rows, world, signal } = driver
  const meta = metaFor(modelFor(claim, world), memory.withoutThinking)
  const request = buildRequest(memory.history, meta, await world.attachments.load(memory.history))
  try {
    await summarise({ rows, model: world.model, signal }, memory.history, request)
  } catch (error) {
    if (!(error instanceof ModelError)) throw error
    return await bear(error.fault, state, memory, driver)
  }
  memory.tooLong = false
  memory.history = []
  return null
}

/** Waits and tries again, leaves that to a later worker, or gives up with the whole reason. */
async function bear(fault: ModelFault, state: RunRows, memory: Memory, driver: Driver): Promise<End | null> {
  const { rows, world, signal, log } = driver
  const { startedAt, settings } = world
  const inARow = state.run.model_faults + 1
  const changed = changeRequest(fault, memory)
  const left = timeLeftMs({ startedAt, now: Date.now(), wallMs: settings.wallMs })
  const after = afterFault(changed ? { ...fault, retryable: true, retryAfterMs: 1 } : fault, inARow, left)
  const retryAt = after.kind === 'give_up' ? null : new Date(Date.now() + after.delayMs)
  log.warn('the model failed', { fault: fault.type, message: fault.message, inARow, next: after.kind })
  await rows.noteFault(fault, retryAt)
  switch (after.kind) {
    case 'retry':
      await pause(after.delayMs, signal)
      return null
    case 'hand_over':
      await rows.handOver(retryAt)
      return 'handed over'
    case 'give_up':
      await rows.finishRun('failed', fault.type, fault)
      return 'failed'
  }
}

/** Two refusals of a request can be helped by another request; each is tried once. */
function changeRequest({ status, message }: ModelFault, memory: Memory): boolean {
  if (status !== 400 && status !== 413) return false
  if (/thinking/i.test(message) && !memory.withoutThinking) {
    memory.withoutThinking = true
    return true
  }
  if ((status === 413 || /too long|context/i.test(message)) && !memory.tooLong) {
    memory.tooLong = true
    return true
  }
  return false
}

const modelFor = ({ stage }: Claim, { settings }: World) => stage.model ?? settings.model

/** Only what may have changed is read again, so that a long conversation costs no more than a short one. */
async function refreshed(history: Entry[], rows: Rows): Promise<Entry[]> {
  const open = history.find(({ tool_call }) => tool_call && UNSETTLED.has(tool_call.state))
  const settled = open ? open.turn - 1 : Math.max(0, ...history.map(({ turn }) => turn))
  if (settled <= 0) return await rows.readHistory()
  const kept = history.filter(({ turn }) => turn <= settled)
  return [...kept, ...(await rows.readHistory(settled))]
}

const UNSETTLED = new Set(['pending', 'queued', 'running'])

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((settle, reject) => {
    const timer = setTimeout(settle, ms)
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        reject(signal.reason)
      },
      { once: true },
    )
  })
}
