import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { MessageSquareOff, MessagesSquare } from 'lucide-react'
import { lazy, Suspense, useEffect, useMemo, useRef } from 'react'
import { sentenceOf } from '../errors.ts'
import { useFeed } from '../feed/index.ts'
import { isLiving } from '../projects/project-changes.ts'
import { aboutQuery } from '../system/queries.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { Announcer } from './announcer.tsx'
import { ChatContext, useChat, useChatIfLoaded } from './chat.ts'
import { chatFeed } from './chat-feed.ts'
import { Composer, type ComposerHandle } from './composer.tsx'
import { OutgoingRow } from './message-row.tsx'
import { OpeningsContext, useOpenings } from './openings.ts'
import { useOutbox, useSend } from './outbox.ts'
import { PlanList } from './plan-list.tsx'
import { Queue } from './queue.tsx'
import { RunBar } from './run-bar.tsx'
import { Transcript } from './transcript.tsx'

const ChatEscalation = lazy(() =>
  import('../escalations/chat-escalation.tsx').then(({ ChatEscalation }) => ({ default: ChatEscalation })),
)

/** `/p/<project>/c/<chat>`. The key makes another chat another page: nothing of the one before can be in it. */
export function ChatPage() {
  const { projectId, chatId } = useParams({ from: '/app/workspace/p/$projectId/c/$chatId' })
  return <OneChat key={chatId} projectId={projectId} chatId={chatId} />
}

function OneChat({ projectId, chatId }: { projectId: string; chatId: string }) {
  const status = useFeed(chatFeed(projectId, chatId))
  const isLoaded = useChatIfLoaded(projectId, chatId)
  const place = useMemo(() => ({ projectId, chatId }), [projectId, chatId])
  if (status.state === 'denied') return <NoSuchChat projectId={projectId} />
  if (isLoaded) {
    return (
      <ChatContext value={place}>
        <LoadedChat />
      </ChatContext>
    )
  }
  if (status.state === 'failed' || status.state === 'offline') {
    return (
      <main className="p-5">
        <Callout tone="bad" action={<Button onClick={() => location.reload()}>Try again</Button>}>
          The chat could not be loaded.{' '}
          {status.error ? sentenceOf(status.error) : 'It comes as soon as the connection is back.'}
        </Callout>
      </main>
    )
  }
  return <ChatSkeleton />
}

function LoadedChat() {
  const chat = useChat((state) => state.chat)
  const isAtWork = useChat(({ run }) => run !== null && isLiving(run))
  const outbox = useOutbox()
  const openings = useOpenings()
  const composer = useRef<ComposerHandle>(null)
  const main = useRef<HTMLElement>(null)
  useEffect(() => main.current?.focus({ preventScroll: true }), [])
  const fill = (content: string) => {
    composer.current?.putBack({ content, attachments: [] })
    document.querySelector<HTMLElement>('[data-composer]')?.focus()
  }
  const isQueued = (error: unknown) => isAtWork && error === null
  const tail = outbox
    .filter(({ error }) => !isQueued(error))
    .map((message) => ({
      key: message.clientId,
      node: <OutgoingRow message={message} onTakeBack={(draft) => composer.current?.putBack(draft)} />,
    }))
  return (
    <OpeningsContext value={openings}>
      <main ref={main} tabIndex={-1} data-chat={chat.id} className="flex min-h-0 flex-1 flex-col">
        <Transcript tail={tail} empty={<EmptyChat />} />
        <div className="mx-auto flex w-full max-w-3xl flex-col gap-2 px-4 pb-3 max-md:px-2 max-md:pb-2">
          <Suspense>
            <ChatEscalation chatId={chat.id} onFill={fill} />
          </Suspense>
          <PlanList />
          <RunBar />
          <Queue sending={outbox.filter(({ error }) => isQueued(error))} />
          {chat.archived_at ? (
            <Callout>This chat is in the archive. Take it out, in the menu above, to go on with it.</Callout>
          ) : (
            <Composer ref={composer} />
          )}
        </div>
        <Announcer />
      </main>
    </OpeningsContext>
  )
}

const SUGGESTIONS = ['Build me a todo list', 'Build a kanban board']
const OF_REHEARSAL = 'What can you rehearse?'

function EmptyChat() {
  const send = useSend()
  const isRehearsal = useQuery(aboutQuery).data?.model.kind === 'rehearsal'
  const suggestions = isRehearsal ? [...SUGGESTIONS, OF_REHEARSAL] : SUGGESTIONS
  return (
    <EmptyState
      icon={<MessagesSquare className="size-8" aria-hidden />}
      title="What shall be built?"
      action={suggestions.map((content) => (
        <Button key={content} onClick={() => send({ content, attachments: [] })}>
          {content}
        </Button>
      ))}
    >
      Say it in your own words, as you would to a colleague. The agent writes the files while everyone in the
      team watches, and any of you can say more, stop it or answer its questions.
    </EmptyState>
  )
}

function NoSuchChat({ projectId }: { projectId: string }) {
  return (
    <main className="min-h-0 flex-1 overflow-y-auto">
      <EmptyState
        icon={<MessageSquareOff className="size-8" aria-hidden />}
        title="There is no such chat"
        action={
          <Link to="/p/$projectId" params={{ projectId }} className={buttonClass('primary')}>
            Go to the project
          </Link>
        }
      >
        The address may be mistyped, or the chat is in a project that is not open to you.
      </EmptyState>
    </main>
  )
}

function ChatSkeleton() {
  return (
    <div
      role="status"
      aria-label="Loading"
      className="mx-auto flex w-full max-w-3xl flex-1 flex-col gap-5 p-5"
    >
      {['w-2/3', 'w-full', 'w-5/6', 'w-1/2'].map((width) => (
        <div key={width} className="flex gap-2.5">
          <Skeleton className="size-7 rounded-full" />
          <div className="flex flex-1 flex-col gap-2">
            <Skeleton className="w-24" />
            <Skeleton className={width} />
          </div>
        </div>
      ))}
    </div>
  )
}
