/** The conversation as Baton shows it, fed by its own fold; only the server is missing. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from '@tanstack/react-router'
import { ChatContext } from '../../src/chat/chat.ts'
import { applyChatEvent, type ChatState } from '../../src/chat/chat-changes.ts'
import { chatFeed } from '../../src/chat/chat-feed.ts'
import { OpeningsContext, useOpenings } from '../../src/chat/openings.ts'
import { Transcript } from '../../src/chat/transcript.tsx'
import { FeedProvider, type FeedTransport } from '../../src/feed/index.ts'
import { projectFeed } from '../../src/projects/project-feed.ts'
import { TooltipProvider } from '../../src/ui/tooltip.tsx'
import type { BatonEvent, Entry, ProjectSnapshot } from '../../supabase/functions/_shared/protocol.ts'

const place = { projectId: 'project', chatId: 'chat' }
const { queryKey } = chatFeed(place.projectId, place.chatId)
const queryClient = new QueryClient()

const nobody: FeedTransport = { join: () => () => {}, readEvents: () => new Promise(() => {}) }

export function BatonChat({ texts }: { texts: string[] }) {
  queryClient.setQueryData(queryKey, stateOf(texts))
  queryClient.setQueryData(projectFeed(place.projectId).queryKey, PROJECT)
  return (
    <QueryClientProvider client={queryClient}>
      <FeedProvider transport={nobody}>
        <TooltipProvider>
          <RouterProvider router={router as never} />
        </TooltipProvider>
      </FeedProvider>
    </QueryClientProvider>
  )
}

/** As the feed writes what it hears. */
export function appendToLast(offset: number, text: string): void {
  const payload = { id: 'last', chat_id: place.chatId, offset, text }
  const event = { topic: 'project:project', seq: 1, kind: 'entry.appended', at: '', payload } as BatonEvent
  queryClient.setQueryData<ChatState>(queryKey, (chat) => chat && applyChatEvent(chat, event))
}

const PROJECT = {
  seq: 0,
  project: { id: 'project', archived_at: null },
  chats: [],
  runs: [],
  files: [],
  checkpoints: [],
  threads: [],
} as unknown as ProjectSnapshot

function Chat() {
  return (
    <OpeningsContext value={useOpenings()}>
      <ChatContext value={place}>
        <div className="flex flex-col" style={{ height: 900 }}>
          <Transcript tail={[]} empty={null} />
        </div>
      </ChatContext>
    </OpeningsContext>
  )
}

const root = createRootRoute()
const app = createRoute({ getParentRoute: () => root, id: 'app' })
const workspace = createRoute({
  getParentRoute: () => app,
  id: 'workspace',
  beforeLoad: () => ({ userId: 'person' }),
})
const project = createRoute({ getParentRoute: () => workspace, path: '/p/$projectId' })
const chat = createRoute({ getParentRoute: () => project, path: '/c/$chatId', component: Chat })
const router = createRouter({
  routeTree: root.addChildren([app.addChildren([workspace.addChildren([project.addChildren([chat])])])]),
  history: createMemoryHistory({ initialEntries: ['/p/project/c/chat'] }),
})

function stateOf(texts: string[]): ChatState {
  const entries = texts.map(
    (text, turn): Entry => ({
      id: turn === texts.length - 1 ? 'last' : `entry${turn}`,
      chat_id: place.chatId,
      run_id: 'run',
      turn_id: `turn${turn}`,
      turn,
      index: 0,
      kind: 'text',
      text,
      data: {},
      state: turn === texts.length - 1 ? 'open' : 'closed',
      in_history: true,
      author: null,
      created_at: '2026-11-01T12:00:00.000000Z',
      closed_at: null,
      tool_call: null,
    }),
  )
  const usage = {
    input_tokens: 0,
    output_tokens: 0,
    cache_read_tokens: 0,
    cache_write_tokens: 0,
    cost_usd: 0,
    cost_is_partial: false,
  }
  const about = { id: place.chatId, project_id: place.projectId, title: 'Bench', created_by: null }
  return {
    seq: 0,
    chat: { ...about, created_at: '', archived_at: null },
    entries,
    more: false,
    first_turn: 0,
    messages: [],
    questions: [],
    run: null,
    turn: null,
    plan: [],
    usage,
  } as unknown as ChatState
}
