/** Stacks of errors, as Chromium, Firefox and Safari write them. */
import type { RawFrame } from '../map-frames.ts'

const CHROMIUM = /^\s*at (?:(?:async )?(.*?) \()?((?:https?|blob):.+?):(\d+):(\d+)\)?\s*$/
const OTHERS = /^(.*?)@((?:https?|blob):.+?):(\d+):(\d+)\s*$/

export function framesOf(stack: string | undefined, limit = 30): RawFrame[] {
  const frames: RawFrame[] = []
  for (const line of (stack ?? '').slice(0, 20_000).split('\n')) {
    const [, name = '', url = '', row, column] = CHROMIUM.exec(line) ?? OTHERS.exec(line) ?? []
    if (!url || url.includes('/__baton/')) continue
    frames.push({ function: name, url, line: Number(row), column: Number(column) })
    if (frames.length === limit) break
  }
  return frames
}
