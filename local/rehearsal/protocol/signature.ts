/** A thinking block is signed, and comes back unchanged: as with Anthropic, a change of it is refused. */
import { createHash } from 'node:crypto'

const PREFIX = 'rehearsal'

export const signThinking = (thinking: string): string =>
  PREFIX + createHash('sha256').update(thinking).digest('base64')

/** Signatures of other models are not ours to judge. */
export const isForged = (thinking: string, signature: string): boolean =>
  signature.startsWith(PREFIX) && signature !== signThinking(thinking)
