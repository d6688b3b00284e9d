import type { Entry, ToolCall, ToolCallState } from '../../supabase/functions/_shared/protocol.ts'

/** Of all calls of a lane together. */
export type LaneState = {
  isLive: boolean
  state: ToolCallState
  summary: string
  milliseconds: number | null
}

const LIVE: readonly ToolCallState[] = ['running', 'queued', 'pending']
const hasState = (calls: ToolCall[], state: ToolCallState) => calls.some((call) => call.state === state)

export function laneState(entries: readonly Entry[]): LaneState {
  const calls = entries.flatMap(({ tool_call }) => tool_call ?? [])
  const live = LIVE.find((state) => hasState(calls, state))
  return {
    isLive: live !== undefined,
    state:
      live ?? (hasState(calls, 'error') ? 'error' : hasState(calls, 'cancelled') ? 'cancelled' : 'complete'),
    summary: summaryOf(calls),
    milliseconds: live ? null : span(calls),
  }
}

function summaryOf(calls: ToolCall[]): string {
  const count = (states: readonly ToolCallState[]) =>
    calls.filter(({ state }) => states.includes(state)).length
  const parts = [
    `${calls.length} ${calls.length === 1 ? 'step' : 'steps'}`,
    said(count(LIVE), 'at work'),
    said(count(['error']), 'failed'),
    said(count(['cancelled']), 'cancelled'),
  ]
  return parts.filter(Boolean).join(' · ')
}

const said = (count: number, what: string) => (count === 0 ? null : `${count} ${what}`)

/** From the first start to the last end: they run beside each other. */
function span(calls: ToolCall[]): number | null {
  const starts = calls.flatMap(({ started_at }) => (started_at ? Date.parse(started_at) : []))
  const ends = calls.flatMap(({ ended_at }) => (ended_at ? Date.parse(ended_at) : []))
  return starts.length && ends.length ? Math.max(0, Math.max(...ends) - Math.min(...starts)) : null
}
