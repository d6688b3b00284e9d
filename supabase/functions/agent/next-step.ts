/** What a run does next: rows in, plan out. Whatever a worker forgot or never knew, this sees again in the rows. */

import type { Entry, RunRows, ToolCall } from '../_shared/protocol.ts'
import { isTooLong } from './compaction.ts'
import { isAnswer } from './conversation.ts'
import { adviceAfterCuts, isLostForGood } from './out-of-time.ts'
import { type Clock, shouldHandOver } from './should-hand-over.ts'

export type Situation = {
  history: Entry[]
  rows: RunRows
  clock: Clock
  limits: { steps: number; dollars: number; windowTokens: number }
  /** About how long the next request would be. */
  contextTokens: number
}

export type Step =
  | { kind: 'run_tools'; calls: ToolCall[] }
  | { kind: 'wait_for_person' }
  | { kind: 'take_messages' }
  | { kind: 'finish' }
  | { kind: 'stop'; reason: string; message: string }
  | { kind: 'hand_over' }
  | { kind: 'compact' }
  | { kind: 'advise'; text: string }
  | { kind: 'call_model' }

export function nextStep(situation: Situation): Step {
  const { history, rows, clock, limits, contextTokens } = situation
  const calls = rows.tool_calls.filter(({ state }) => state === 'queued')
  if (calls.length > 0) return { kind: 'run_tools', calls }
  if (rows.questions.length > 0 || rows.held) return { kind: 'wait_for_person' }
  if (rows.queued_messages > 0) return { kind: 'take_messages' }
  if (!wantsAnswer(history)) return { kind: 'finish' }
  for (const reason of REASONS_TO_STOP) {
    const stop = reason(situation)
    if (stop) return { kind: 'stop', ...stop }
  }
  const advice = adviceAfterCuts(history, rows.turns)
  if (advice) return { kind: 'advise', text: advice }
  if (shouldHandOver(clock)) return { kind: 'hand_over' }
  if (isTooLong(contextTokens, limits.windowTokens) && history.some(isAnswer)) return { kind: 'compact' }
  return { kind: 'call_model' }
}

/** Results are to be read by the model, even those of calls after which it went on to speak. */
function wantsAnswer(history: Entry[]): boolean {
  const last = history.at(-1)
  if (!last || !isAnswer(last)) return last !== undefined
  return history.some(({ kind, turn }) => kind === 'tool_use' && turn === last.turn)
}

type Stop = { reason: string; message: string }
type ReasonToStop = (situation: Situation) => Stop | null

const budgetSpent: ReasonToStop = ({ rows: { spent_usd: spent }, limits }) => {
  if (spent < limits.dollars) return null
  return {
    reason: 'budget_spent',
    message: `Stopped, since this run has cost $${spent.toFixed(2)}, and its limit is $${limits.dollars.toFixed(2)}.`,
  }
}

const tooManySteps: ReasonToStop = ({ history, rows, limits }) => {
  if (turnsSinceSpeech(history, rows).length < limits.steps) return null
  return {
    reason: 'too_many_steps',
    message: `Stopped after ${limits.steps} steps without a word from anybody.`,
  }
}

const sameCallThrice: ReasonToStop = ({ history }) => {
  const [last, ...others] = callsByTurn(sinceSpeech(history)).slice(-3).reverse()
  if (!last || others.length < 2 || others.some((calls) => calls !== last)) return null
  const names = [...new Set((JSON.parse(last) as [string][]).map(([name]) => name))].join(', ')
  return {
    reason: 'same_call_thrice',
    message: `Stopped, since the same call of ${names} was made three times in a row with the same result.`,
  }
}

const neverInTime: ReasonToStop = ({ history, rows }) => {
  const spoken = history.findLast(isSpeech)?.turn ?? 0
  if (!isLostForGood(rows.turns.filter(({ turn }) => turn > spoken))) return null
  return {
    reason: 'out_of_time',
    message:
      'Stopped, since one answer after the other took longer than an answer may last here, and nothing of them could be kept.',
  }
}

const REASONS_TO_STOP = [budgetSpent, tooManySteps, sameCallThrice, neverInTime]

/** Somebody spoke, or let a run go on that had stopped, or a build is to be mended: each begins the count anew. */
const isSpeech = ({ kind, data }: Entry) =>
  kind === 'message' || (kind === 'notice' && ('stopped' in data || 'mending' in data))

function sinceSpeech(history: Entry[]): Entry[] {
  return history.slice(history.findLastIndex(isSpeech) + 1)
}

function turnsSinceSpeech(history: Entry[], { turns }: RunRows) {
  const spoken = history.findLast(isSpeech)?.turn ?? 0
  return turns.filter(({ state, turn }) => state === 'closed' && turn > spoken)
}

/** Each turn that called something, as one text that is the same for the same calls with the same results. */
function callsByTurn(history: Entry[]): string[] {
  const byTurn = new Map<number, unknown[]>()
  for (const { turn, tool_call } of history) {
    if (!tool_call) continue
    const { name, input, result } = tool_call
    byTurn.set(turn, [...(byTurn.get(turn) ?? []), [name, input, result]])
  }
  return [...byTurn.values()].map((calls) => JSON.stringify(calls))
}
