/** From the palette and the keyboard to the button in the bar. */
const listeners = new Set<() => void>()

export function askToPublish(): void {
  for (const listener of listeners) listener()
}

export function onPublishAsked(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}
