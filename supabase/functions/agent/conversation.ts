import type { Entry } from '../_shared/protocol.ts'

/** Said by the model; all else is said to it. */
export const isAnswer = ({ kind }: Entry) =>
  kind === 'text' || kind === 'thinking' || kind === 'redacted_thinking' || kind === 'tool_use'
