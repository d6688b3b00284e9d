/** A preview for tests of tools: what it would answer, one look after the other, the last for ever. */
import type { Preview, PreviewState } from './tool.ts'

export const nothingShown: PreviewState = { version: 1, build: null, shown: null, reported: [] }

export function previewOf(
  states: PreviewState[] = [nothingShown],
  answer: Record<string, unknown> | null = null,
): Preview & { looks: number } {
  return {
    looks: 0,
    async state() {
      this.looks += 1
      return states[Math.min(this.looks, states.length) - 1]!
    },
    ask: async () => answer,
    pause: async () => {},
  }
}
