/**
 * Messages on their way. They are on screen at once, in the order in which they were sent, until the log says them too;
 * one that was refused stays, with the reason, until its author sends it again or takes it back. Sending again uses the
 * same `client_id`, so a message whose answer was lost is not said twice. All is kept by the id of the chat.
 */
import { useMutation, useMutationState, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { Attachment, Chat } from '../../supabase/functions/_shared/protocol.ts'
import { confirmed } from '../confirmed.ts'
import { type BatonError, toBatonError } from '../errors.ts'
import { rpc } from '../rpc.ts'
import { useChat, useChatPlace } from './chat.ts'
import type { ChatState } from './chat-changes.ts'
import { chatFeed } from './chat-feed.ts'

export type Draft = { content: string; attachments: Attachment[] }
export type Outgoing = Draft & { clientId: string }
export type InOutbox = Outgoing & { mutationId: number; error: BatonError | null }

const outboxOf = (chatId: string) => ['chat', chatId, 'send']

/** Without those that the log has said in the meantime. */
export function useOutbox(): InOutbox[] {
  const { chatId } = useChatPlace()
  const said = useChat(clientIdsSaid)
  const all = useMutationState({
    filters: { mutationKey: outboxOf(chatId), predicate: ({ state }) => state.status !== 'success' },
    select: ({ mutationId, state }): InOutbox => ({
      ...(state.variables as Outgoing),
      mutationId,
      error: state.error ? toBatonError(state.error) : null,
    }),
  })
  return all.filter(({ clientId }) => !said.has(clientId))
}

let lastSaid: { chat: ChatState['entries']; messages: ChatState['messages']; ids: Set<string> } | null = null

/** Only the newest can still be on their way. */
function clientIdsSaid({ entries, messages }: ChatState): Set<string> {
  if (lastSaid?.chat === entries && lastSaid.messages === messages) return lastSaid.ids
  const newest = entries.slice(-100).map(({ data }) => String(data.client_id))
  const ids = new Set([...newest, ...messages.map(({ client_id }) => client_id)])
  lastSaid = { chat: entries, messages, ids }
  return ids
}

/** What is sent again keeps its `clientId`. */
export function useSend(): (draft: Draft & { clientId?: string }) => void {
  const { projectId, chatId } = useChatPlace()
  const queryClient = useQueryClient()
  const { mutate } = useMutation({
    mutationKey: outboxOf(chatId),
    scope: { id: `send ${chatId}` },
    networkMode: 'always',
    gcTime: Number.POSITIVE_INFINITY,
    mutationFn: async ({ content, attachments, clientId }: Outgoing) => {
      const { queryKey } = chatFeed(projectId, chatId)
      const isFirst = queryClient.getQueryData<ChatState>(queryKey)?.entries.length === 0
      await rpc('send_message', { chat_id: chatId, content, client_id: clientId, attachments })
      const chat = queryClient.getQueryData<ChatState>(queryKey)?.chat
      if (isFirst && chat && isUnnamed(chat)) void nameAfter(chat, content)
      await confirmed<ChatState>(queryClient, queryKey, (state) => clientIdsSaid(state).has(clientId))
    },
  })
  return useCallback((draft) => mutate({ clientId: crypto.randomUUID(), ...draft }), [mutate])
}

/** Takes a message back that was not sent. */
export function useForget(): (message: InOutbox) => void {
  const queryClient = useQueryClient()
  return ({ mutationId }) => {
    const cache = queryClient.getMutationCache()
    const mutation = cache.getAll().find((one) => one.mutationId === mutationId)
    if (mutation) cache.remove(mutation)
  }
}

const isUnnamed = ({ title }: Chat) => title === 'New chat'
const LONGEST_TITLE = 60

/** A chat is called what was said first in it. When that fails it keeps the name that it has. */
async function nameAfter({ id }: Chat, content: string): Promise<void> {
  const line = content.trim().split('\n')[0]?.trim() ?? ''
  if (!line) return
  const title = line.length > LONGEST_TITLE ? `${line.slice(0, LONGEST_TITLE - 1).trimEnd()}…` : line
  await rpc('rename_chat', { chat_id: id, title }).catch(() => undefined)
}
