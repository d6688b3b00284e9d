/**
 * Runs the tool calls of one run, all at once, each within its own time. Calls that touch the same path wait for the ones
 * before them, in the order in which they were started, which is the order of their blocks.
 *
 * The result and the effects of a call are committed together, so a call that is run twice, after its worker died, has
 * its effect once. A call that was cancelled meanwhile is simply over.
 */
import { createPreview } from './preview.ts'
import { hasEnded, isLeaseLost, Refused } from './refusal.ts'
import type { Rows } from './rows.ts'
import { type Readied, readyCall } from './tools/index.ts'
import { changedSince, type Outcome, ToolError } from './tools/tool.ts'
import type { RunWorkspace } from './workspace.ts'

export type ToolRunner = {
  /** Of a block that just closed: the database already says that it runs. */
  start(callId: string, readied: Readied): void
  /** Of one that a worker before us left. */
  startAgain(call: { id: string; name: string; input: unknown }): void
  /** When every call has a result, or waits for a person. */
  settled(): Promise<void>
}

type Options = {
  rows: Rows
  workspace: RunWorkspace
  signal: AbortSignal
  /** The lease is lost or the database is away: the whole drive ends. */
  onBroken(error: unknown): void
}

export function createToolRunner({ rows, workspace, signal, onBroken }: Options): ToolRunner {
  const running = new Set<Promise<void>>()
  const lastAt = new Map<string, Promise<void>>()

  const track = (paths: string[], work: () => Promise<void>) => {
    const before = paths.map((path) => lastAt.get(path))
    const task = Promise.all(before).then(work).catch(onBroken)
    for (const path of paths) lastAt.set(path, task)
    running.add(task)
    void task.finally(() => running.delete(task))
  }

  const carryOut = async (callId: string, { tool, input }: Readied) => {
    try {
      const outcome = await withinLimit(
        tool.run(input, workspace, createPreview(rows, callId, signal)),
        tool.limitMs,
        signal,
      )
      await commit(callId, allowed(tool, outcome))
    } catch (error) {
      await fail(callId, error)
    }
  }

  const commit = async (callId: string, outcome: Outcome) => {
    if (outcome.kind === 'asked') await rows.askQuestion(callId, outcome.question)
    else workspace.changed((await rows.finishToolCall(callId, outcome.result, outcome.effects)).files)
  }

  const fail = async (callId: string, error: unknown) => {
    if (signal.aborted || hasEnded(error)) return
    if (isLeaseLost(error) || isAway(error)) throw error
    const { type, message } = toolErrorOf(error)
    await rows.failToolCall(callId, { type, message, cause: causeOf(error) }, message).catch((refusal) => {
      if (!hasEnded(refusal)) throw refusal
    })
  }

  return {
    start: (callId, readied) => track(readied.paths, () => carryOut(callId, readied)),
    startAgain({ id, name, input }) {
      let readied: Readied | ToolError
      try {
        readied = readyCall(name, input)
      } catch (error) {
        readied = toolErrorOf(error)
      }
      const paths = readied instanceof ToolError ? [] : readied.paths
      track(paths, async () => {
        await rows.startToolCall(id)
        await (readied instanceof ToolError ? fail(id, readied) : carryOut(id, readied))
      })
    },
    async settled() {
      while (running.size > 0) await Promise.all(running)
    },
  }
}

function allowed({ name, permission }: Readied['tool'], outcome: Outcome): Outcome {
  const wants = outcome.kind === 'asked' ? 'ask' : outcome.effects.length > 0 ? 'write' : 'read'
  if (wants === 'read' || permission.split(' or ').includes(wants)) return outcome
  throw new Error(`${name} may ${permission}, and not ${wants}.`)
}

async function withinLimit<T>(work: Promise<T>, limitMs: number, signal: AbortSignal): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    const message = `It took longer than ${limitMs / 1_000} seconds and was given up. Try a smaller step.`
    timer = setTimeout(() => reject(new ToolError('timeout', message)), limitMs)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

function toolErrorOf(error: unknown): ToolError {
  if (error instanceof ToolError) return error
  if (error instanceof Refused) return refusalFor(error)
  const reason = error instanceof Error ? error.message : String(error)
  return new ToolError(
    'internal_error',
    `The tool failed by a mistake of Baton's own (${reason}). Nothing was done.`,
  )
}

function refusalFor({ code, message, hint, details }: Refused): ToolError {
  const about = [details.path, details.other].filter(Boolean).join(', ')
  const text = [about ? `${about}: ${message}` : message, hint].filter(Boolean).join(' ')
  if (code === 'BT021') return changedSince(String(details.path ?? 'the file'))
  if (code === 'BT024') return new ToolError('path_refused', text)
  if (code === 'BT025') return new ToolError('too_big', text)
  return new ToolError('refused', text)
}

/**
 * Whoever claims the run next may have more luck: the connection failed, or the server stops, is full, or took another
 * transaction before ours.
 */
export function isAway(error: unknown): boolean {
  const code = String((error as { code?: unknown })?.code ?? '')
  return /^(08|40|53|57)/.test(code) || /^(CONNECTION_|CONNECT_|ECONN|EPIPE|ETIMEDOUT)/.test(code)
}

function causeOf(error: unknown): string | null {
  if (error instanceof ToolError || !(error instanceof Error)) return null
  return error.stack ?? error.message
}
