import { useCallback, useSyncExternalStore } from 'react'
import { useUserId } from '../session/user.ts'
import { createDrafts, type Draft } from './drafts.ts'

const drafts = createDrafts(localStorage)

window.addEventListener('pagehide', drafts.flush)
window.addEventListener('storage', ({ key }) => key && drafts.forget(key))
window.addEventListener('beforeunload', (event) => {
  drafts.flush()
  if (drafts.hasLost()) event.preventDefault()
})

const prefixOf = (userId: string, projectId: string) => `baton:draft:${userId}:${projectId}:`

export type KeptDraft = {
  draft: Draft | null
  /** The browser's storage would not take it. */
  isOnlyInMemory: boolean
  /** What is there at the moment of asking, which may be newer than what is drawn. */
  current(): Draft | null
  keep(draft: Draft | null): void
}

export function useDraft(projectId: string, path: string): KeptDraft {
  const key = prefixOf(useUserId(), projectId) + path
  const draft = useSyncExternalStore(drafts.subscribe, () => drafts.get(key))
  const isOnlyInMemory = useSyncExternalStore(drafts.subscribe, () => drafts.isOnlyInMemory(key))
  const current = useCallback(() => drafts.get(key), [key])
  const keep = useCallback((next: Draft | null) => drafts.set(key, next), [key])
  return { draft, isOnlyInMemory, current, keep }
}

/** The files of a project with something that was not saved. */
export function useDraftPaths(projectId: string): readonly string[] {
  const prefix = prefixOf(useUserId(), projectId)
  return useSyncExternalStore(drafts.subscribe, () => drafts.paths(prefix))
}

/** A file that was given another name keeps what was typed into it. */
export function useMoveDraft(projectId: string): (from: string, to: string, version: number) => void {
  const prefix = prefixOf(useUserId(), projectId)
  return (from, to, version) => {
    const draft = drafts.get(prefix + from)
    if (!draft) return
    drafts.set(prefix + to, { ...draft, baseVersion: version })
    drafts.set(prefix + from, null)
  }
}
