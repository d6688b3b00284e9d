/** From the palette to the preview that is open. */
export type PreviewDeed = 'reload' | 'pick' | 'problems' | 'console' | 'build' | 'code'

const listeners = new Set<(deed: PreviewDeed) => void>()
let waiting: PreviewDeed | null = null

/** One that is not there yet hears it when it comes. */
export function askPreview(deed: PreviewDeed): void {
  if (listeners.size === 0) waiting = deed
  for (const listener of listeners) listener(deed)
}

export function onPreviewAsked(listener: (deed: PreviewDeed) => void): () => void {
  listeners.add(listener)
  if (waiting) listener(waiting)
  waiting = null
  return () => void listeners.delete(listener)
}
