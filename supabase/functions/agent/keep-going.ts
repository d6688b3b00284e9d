/** Looks at the rows, has the kernel say what comes next, does it, and looks again. */

import type { ClaimedRun, Entry, RunRows } from '../_shared/protocol.ts'
import { bear } from './bear-fault.ts'
import { coalesceMs } from './coalesce.ts'
import { estimateTokens } from './compaction.ts'
import type { Driver, End, Memory, World } from './driver.ts'
import { buildRequest, metaFor } from './history.ts'
import { ModelError } from './model-fault.ts'
import { nextStep, type Step } from './next-step.ts'
import { SMALLER_STEPS } from './out-of-time.ts'
import { factsOf } from './prices.ts'
import type { Rows } from './rows.ts'
import { createToolRunner } from './run-tools.ts'
import { summarise } from './summarise.ts'
import { takeTurn } from './take-turn.ts'
import { createWorkspace } from './workspace.ts'

const MOST_STEPS = 40

export async function keepGoing(driver: Driver): Promise<End> {
  const { rows, world, claim, signal } = driver
  const model = modelFor(claim, world)
  let memory: Memory | undefined
  for (;;) {
    signal.throwIfAborted()
    const state = await rows.read()
    // After the rows: what was answered by then, the history must know as well.
    if (memory) memory.history = await refreshed(memory.history, rows)
    else memory = await remember(driver)
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
    case 'advise':
      await rows.addNotice(step.text, { reason: SMALLER_STEPS })
      return null
    case 'hand_over':
      await rows.handOver()
      return 'handed over'
    case 'compact':
      return await compact(state, memory, driver)
    case 'call_model':
      return await callModel(state, memory, driver)
  }
}

/** Until somebody answers. Said in the conversation too, so that the model knows of it when it goes on. */
async function stop(
  reason: string,
  message: string,
  { rows }: Driver,
  details: unknown = null,
): Promise<End> {
  await rows.raiseAndWait({ type: reason, message, details }, message)
  return 'waits for a person'
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

const modelFor = ({ stage }: ClaimedRun, { settings }: World) => stage.model ?? settings.model

/** Only what may have changed is read again, so that a long conversation costs no more than a short one. */
async function refreshed(history: Entry[], rows: Rows): Promise<Entry[]> {
  const open = history.find(({ tool_call }) => tool_call && UNSETTLED.has(tool_call.state))
  const settled = open ? open.turn - 1 : Math.max(0, ...history.map(({ turn }) => turn))
  if (settled <= 0) return await rows.readHistory()
  const kept = history.filter(({ turn }) => turn <= settled)
  return [...kept, ...(await rows.readHistory(settled))]
}

const UNSETTLED = new Set(['pending', 'queued', 'running'])
