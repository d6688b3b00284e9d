import { useQuery } from '@tanstack/react-query'
import { createContext, useContext } from 'react'
import { snapshotQuery } from '../feed/index.ts'
import type { ChatState } from './chat-changes.ts'
import { chatFeed } from './chat-feed.ts'

/** Which chat this is. Everything inside reads its state by this id, so that none can show another one's. */
type Place = { projectId: string; chatId: string }

export const ChatContext = createContext<Place | null>(null)

export function useChatPlace(): Place {
  const place = useContext(ChatContext)
  if (!place) throw new Error('A part of a chat was drawn outside of one.')
  return place
}

/** `select` gives a part that stays the same object while it does not change. */
export function useChat<Part>(select: (chat: ChatState) => Part): Part {
  const { projectId, chatId } = useChatPlace()
  const { data, isSuccess } = useQuery({ ...snapshotQuery(chatFeed(projectId, chatId)), select })
  if (!isSuccess) throw new Error('A part of a chat was drawn before the chat was loaded.')
  return data
}

export function useChatIfLoaded(projectId: string, chatId: string): boolean {
  const { data } = useQuery({ ...snapshotQuery(chatFeed(projectId, chatId)), select: isThere })
  return data ?? false
}

const isThere = () => true
