/** Where a person is in the workbench of each project, remembered in this browser. */
import { useCallback, useSyncExternalStore } from 'react'

export const TABS = ['preview', 'code', 'changes', 'runs', 'deployments'] as const
export type Tab = (typeof TABS)[number]

export type Place = {
  tab: Tab
  path: string | null
  /** Folders that were closed; the others are open. */
  closed: string[]
  runId: string | null
  buildId: string | null
  /** Goes to whatever file the agent writes. */
  follow: boolean
  /** Of the file that was gone to. Not remembered. */
  line?: number | undefined
}

const START: Place = { tab: 'preview', path: null, closed: [], runId: null, buildId: null, follow: true }
const places = new Map<string, Place>()
const listeners = new Set<() => void>()
const keyOf = (projectId: string) => `baton:workbench:${projectId}`

export function usePlace(projectId: string): [Place, (change: Partial<Place>) => void] {
  const place = useSyncExternalStore(subscribe, () => placeOf(projectId))
  const go = useCallback((change: Partial<Place>) => goInWorkbench(projectId, change), [projectId])
  return [place, go]
}

/** From anywhere: shows a file, the changes or a run in the workbench. */
export function goInWorkbench(projectId: string, change: Partial<Place>): void {
  const place = { ...placeOf(projectId), line: undefined, ...change }
  places.set(projectId, place)
  try {
    localStorage.setItem(keyOf(projectId), JSON.stringify({ ...place, line: undefined }))
  } catch {
    // Remembered until the page is closed.
  }
  for (const listener of listeners) listener()
}

export function placeOf(projectId: string): Place {
  const known = places.get(projectId)
  if (known) return known
  const place = { ...START, ...remembered(projectId) }
  places.set(projectId, place)
  return place
}

function remembered(projectId: string): Partial<Place> {
  try {
    return JSON.parse(localStorage.getItem(keyOf(projectId)) ?? '{}') as Partial<Place>
  } catch {
    return {}
  }
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
