import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useMemo } from 'react'
import type { ProjectFile } from '../../supabase/functions/_shared/protocol.ts'
import type { ChatState } from '../chat/chat-changes.ts'
import { chatFeed } from '../chat/chat-feed.ts'
import { snapshotQuery, useFeed } from '../feed/index.ts'
import { contentQuery, keepContent } from './contents.ts'
import { type Writing, writingsOf } from './writing.ts'

const NONE: Writing[] = []

/** What the agent of the chat is writing at this moment. */
export function useWritings(
  projectId: string,
  chatId: string | undefined,
  files: readonly ProjectFile[],
): Writing[] {
  const feed = chatFeed(projectId, chatId ?? '')
  useFeed(chatId ? feed : null)
  const entries = useQuery({ ...snapshotQuery(feed), select: entriesOf, enabled: chatId !== undefined }).data
  useKeepWritten(projectId, entries, files)
  return useMemo(() => (entries ? writingsOf(entries) : NONE), [entries])
}

const entriesOf = ({ entries }: ChatState) => entries

/** Who watched a file being written has its content already. */
function useKeepWritten(
  projectId: string,
  entries: ChatState['entries'] | undefined,
  files: readonly ProjectFile[],
): void {
  const queryClient = useQueryClient()
  const keep = useEffectEvent(({ hash, tool_call_id }: ProjectFile) => {
    if (!tool_call_id || !entries) return
    if (queryClient.getQueryData(contentQuery(projectId, hash).queryKey) !== undefined) return
    const call = entries.findLast(({ tool_call }) => tool_call?.id === tool_call_id)?.tool_call
    const content = call?.name === 'write_file' ? call.input.content : undefined
    if (typeof content === 'string') keepContent(queryClient, projectId, hash, content)
  })
  useEffect(() => files.forEach((file) => void keep(file)), [files])
}
