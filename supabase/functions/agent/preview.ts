/** What one tool call can learn of the preview. A question is a row, so a call that is run again finds its own. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Rows } from './rows.ts'
import type { Preview } from './tools/tool.ts'

const LOOK_AGAIN_MS = 150

export function createPreview(rows: Rows, callId: string, signal: AbortSignal): Preview {
  return {
    state: () => rows.readPreviewState(),
    async ask(waitSeconds) {
      let question = await rows.askPreview(callId, waitSeconds)
      while (question.state === 'open') {
        await sleep(LOOK_AGAIN_MS, undefined, { signal })
        question = await rows.readPreviewAnswer(callId)
      }
      return question.answer
    },
    pause: () => sleep(LOOK_AGAIN_MS, undefined, { signal }),
  }
}
