import { useQuery } from '@tanstack/react-query'
import type { CommentsSnapshot, Thread } from '../../supabase/functions/_shared/protocol.ts'
import { snapshotQuery } from '../feed/index.ts'
import { commentsFeed } from './comments-feed.ts'

const NONE: Thread[] = []

/** About any of these entries; the same array until one of them changes. */
export function useThreadsOnEntries(projectId: string, entryIds: readonly string[]): Thread[] {
  return useThreads(projectId, ({ threads }) => {
    const found = entryIds.flatMap((id) => byEntry(threads).get(id) ?? NONE)
    return found.length === 0 ? NONE : found
  })
}

/** About this file, or lines of it. */
export function useThreadsOnFile(projectId: string, path: string): Thread[] {
  return useThreads(projectId, ({ threads }) => threads.filter((thread) => thread.path === path))
}

function useThreads(projectId: string, select: (state: CommentsSnapshot) => Thread[]): Thread[] {
  return useQuery({ ...snapshotQuery(commentsFeed(projectId)), select }).data ?? NONE
}

/** Each row of a chat asks; the threads are sorted out once for all. */
const sorted = new WeakMap<readonly Thread[], Map<string, Thread[]>>()

function byEntry(threads: readonly Thread[]): Map<string, Thread[]> {
  const known = sorted.get(threads)
  if (known) return known
  const found = new Map<string, Thread[]>()
  for (const thread of threads) {
    if (thread.entry_id !== null) found.set(thread.entry_id, [...(found.get(thread.entry_id) ?? []), thread])
  }
  sorted.set(threads, found)
  return found
}

export const isOpenThread = ({ resolved_at }: Thread) => resolved_at === null

/** "2 comments", of the threads that are open; "resolved" when none is. */
export function summaryOf(threads: readonly Thread[]): string {
  const open = threads.filter(isOpenThread).flatMap(({ comments }) => comments).length
  if (open === 0) return threads.length === 1 ? '1 resolved' : `${threads.length} resolved`
  return open === 1 ? '1 comment' : `${open} comments`
}
