import { goInWorkbench, type Tab } from '../files/place.ts'

/** Which of the two is wanted, where there is no room for both. Asked for from anywhere, answered by the layout. */
export type PaneName = 'chat' | 'workbench'

const listeners = new Set<(pane: PaneName) => void>()

export function askForPane(pane: PaneName): void {
  for (const listener of listeners) listener(pane)
}

/** On a phone the workbench is brought to the front, too. */
export function showTab(projectId: string, tab: Tab): void {
  goInWorkbench(projectId, { tab })
  askForPane('workbench')
}

export function onPaneAsked(listener: (pane: PaneName) => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}
