import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Entry, EntryPage } from '../../supabase/functions/_shared/protocol.ts'
import { rpc } from '../rpc.ts'
import { useChat, useChatPlace } from './chat.ts'

const PAGE = 500

/**
 * All entries that were asked for: the pages before the snapshot, and the snapshot. Pages are known by the turn at which
 * the snapshot begins, so a new snapshot, or a turn that was dropped before it, never meets pages of another one.
 */
export function useEntries() {
  const { chatId } = useChatPlace()
  const entries = useChat((chat) => chat.entries)
  const hasMore = useChat((chat) => chat.more)
  const firstTurn = useChat((chat) => chat.first_turn)
  const older = useInfiniteQuery({
    queryKey: ['chat', chatId, 'older', firstTurn],
    queryFn: ({ pageParam, signal }): Promise<EntryPage> =>
      rpc('read_entries', { chat_id: chatId, before_turn: pageParam, max_entries: PAGE }, signal),
    initialPageParam: firstTurn,
    getNextPageParam: ({ entries, more }) => (more ? entries[0]?.turn : undefined),
    enabled: false,
    staleTime: Number.POSITIVE_INFINITY,
    networkMode: 'always',
  })
  const pages = older.data?.pages
  const all = useMemo(() => joined(pages ?? [], entries), [pages, entries])
  const isAtStart = pages ? !older.hasNextPage : !hasMore
  return {
    entries: all,
    isAtStart,
    isLoading: older.isFetching,
    error: older.error,
    loadOlder: () => {
      if (!isAtStart && !older.isFetching) void older.fetchNextPage()
    },
  }
}

/** Pages come newest first. */
function joined(pages: EntryPage[], entries: Entry[]): Entry[] {
  return pages.length === 0 ? entries : [...pages.toReversed().flatMap((page) => page.entries), ...entries]
}
