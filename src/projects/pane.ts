/** Which of the two is wanted, where there is no room for both. Asked for from anywhere, answered by the layout. */
export type PaneName = 'chat' | 'workbench'

const listeners = new Set<(pane: PaneName) => void>()

export function askForPane(pane: PaneName): void {
  for (const listener of listeners) listener(pane)
}

export function onPaneAsked(listener: (pane: PaneName) => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}
