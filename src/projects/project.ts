import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import type { Chat, ProjectSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { snapshotQuery } from '../feed/index.ts'
import { projectFeed } from './project-feed.ts'

/** Those of the address, on a page of a project. */
export function useOpenPlace(): { projectId: string | undefined; chatId: string | undefined } {
  const { projectId, chatId } = useParams({ strict: false })
  return { projectId, chatId }
}

export const useProjectId = (): string => useParams({ from: '/app/workspace/p/$projectId' }).projectId

export function useProjectIfLoaded(projectId: string | undefined): ProjectSnapshot | undefined {
  return useQuery(snapshotQuery(projectFeed(projectId ?? ''))).data
}

export function useProject(): ProjectSnapshot {
  const project = useProjectIfLoaded(useProjectId())
  if (!project) throw new Error('A page of a project was drawn before the project was loaded.')
  return project
}

/** Last archived first. */
export function archivedChats(chats: readonly Chat[]): Chat[] {
  return chats
    .filter(({ archived_at }) => archived_at !== null)
    .sort((one, other) => (other.archived_at ?? '').localeCompare(one.archived_at ?? ''))
}

/** Newest first, without those in the archive. */
export function openChats(chats: readonly Chat[]): Chat[] {
  return chats
    .filter(({ archived_at }) => archived_at === null)
    .sort((one, other) => other.created_at.localeCompare(one.created_at))
}
