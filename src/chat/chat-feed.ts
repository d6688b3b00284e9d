import type { FeedSpec } from '../feed/index.ts'
import { rpc } from '../rpc.ts'
import { applyChatEvent, type ChatState, chatState } from './chat-changes.ts'

/** One chat: another fold over the topic of its project, in the same channel. */
export function chatFeed(projectId: string, chatId: string): FeedSpec<ChatState> {
  return {
    topic: `project:${projectId}`,
    queryKey: ['chat', chatId],
    load: async (signal) => chatState(await rpc('chat_snapshot', { chat_id: chatId }, signal)),
    apply: applyChatEvent,
  }
}
