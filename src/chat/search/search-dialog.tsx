import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Command as Cmdk } from 'cmdk'
import { Archive, Bot, MessageSquare, Search } from 'lucide-react'
import { type ReactNode, useDeferredValue, useState } from 'react'
import type { Chat, SearchHit } from '../../../supabase/functions/_shared/protocol.ts'
import { sentenceOf, toBatonError } from '../../errors.ts'
import { useOpenPlace, useProjectIfLoaded } from '../../projects/project.ts'
import { rpc } from '../../rpc.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { Callout } from '../../ui/callout.tsx'
import { useModal } from '../../ui/dialog.tsx'
import { Keys } from '../../ui/keys.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import { TimeAgo } from '../../ui/time-ago.tsx'
import { nameOf } from '../message-row.tsx'
import { chatsNamed, pieces, wordsOf } from './found.ts'

/** Over all that was said in the chats of the project that is open. */
export function SearchDialog({ onClose }: { onClose(): void }) {
  const ref = useModal(onClose)
  const { projectId } = useOpenPlace()
  const [query, setQuery] = useState('')
  return (
    <dialog
      ref={ref}
      aria-label="Search the chats"
      className="appear mx-auto mt-[8vh] w-[calc(100vw-2rem)] max-w-2xl overflow-hidden rounded-lg bg-raised text-text shadow-float"
    >
      <Cmdk label="Search the chats" shouldFilter={false} loop>
        <div className="flex items-center gap-2.5 border-b border-line px-3.5">
          <Search className="size-4 text-muted" aria-hidden />
          <Cmdk.Input
            data-autofocus
            value={query}
            onValueChange={setQuery}
            maxLength={200}
            placeholder="Search what was said in this project"
            className="h-11 min-w-0 flex-1 bg-transparent text-base outline-none placeholder:text-faint"
          />
          <Keys keys={['Esc']} />
        </div>
        {projectId && <Results projectId={projectId} query={query} onClose={onClose} />}
      </Cmdk>
    </dialog>
  )
}

type ResultsProps = { projectId: string; query: string; onClose(): void }

function Results({ projectId, query, onClose }: ResultsProps) {
  const wanted = useDeferredValue(query.trim())
  const hasWords = wordsOf(wanted).length > 0
  const search = useQuery({
    queryKey: ['search', projectId, wanted],
    queryFn: ({ signal }) => rpc('search_chats', { project_id: projectId, query: wanted }, signal),
    enabled: hasWords,
    placeholderData: keepPreviousData,
    networkMode: 'always',
    retry: false,
    gcTime: 30_000,
  })
  const chats = useProjectIfLoaded(projectId)?.chats ?? []
  const named = chatsNamed(chats, wanted)
  const hits = hasWords ? (search.data ?? []) : []
  const go = useGo(projectId, onClose)

  return (
    <>
      {search.error && hasWords && (
        <Callout
          tone="bad"
          action={<Button onClick={() => void search.refetch()}>Try again</Button>}
          className="m-2"
        >
          What was said could not be searched. {sentenceOf(toBatonError(search.error))}
        </Callout>
      )}
      <Cmdk.List
        className="max-h-[62vh] overflow-y-auto overscroll-contain p-1.5"
        aria-busy={search.isFetching}
      >
        {named.length > 0 && (
          <Group heading="Chats">
            {named.map((chat) => (
              <Cmdk.Item
                key={chat.id}
                value={chat.id}
                onSelect={() => go(chat.id)}
                className={`${ITEM} min-h-9 items-center py-1`}
              >
                <ChatGlyph chat={chat} />
                <span className="min-w-0 flex-1 truncate">
                  <Marked text={chat.title} query={wanted} />
                </span>
              </Cmdk.Item>
            ))}
          </Group>
        )}
        {hits.length > 0 && (
          <Group heading="What was said">
            {hits.map((hit) => (
              <Cmdk.Item
                key={hit.entry_id}
                value={hit.entry_id}
                onSelect={() => go(hit.chat_id, hit.entry_id)}
                className={`${ITEM} items-start py-2`}
              >
                <Hit hit={hit} chat={chats.find(({ id }) => id === hit.chat_id)} query={wanted} />
              </Cmdk.Item>
            ))}
          </Group>
        )}
        {named.length + hits.length === 0 && (
          <Nothing>
            {!hasWords ? (
              'Messages, answers and the names of chats are searched, by the beginnings of their words.'
            ) : search.isFetching ? (
              <Spinner />
            ) : (
              !search.error && 'Nobody said that in this project.'
            )}
          </Nothing>
        )}
      </Cmdk.List>
    </>
  )
}

const ITEM = 'flex gap-2.5 rounded-md px-2.5 aria-selected:bg-hover pointer-coarse:min-h-11'

/** The same entry twice in a row is gone to twice. */
function useGo(projectId: string, onClose: () => void) {
  const navigate = useNavigate()
  return async (chatId: string, entry?: string) => {
    onClose()
    const place = { to: '/p/$projectId/c/$chatId', params: { projectId, chatId } } as const
    if (location.search.includes(`entry=${entry}`)) await navigate({ ...place, replace: true })
    await navigate({ ...place, search: entry ? { entry } : {} })
  }
}

function Group({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Cmdk.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-faint"
    >
      {children}
    </Cmdk.Group>
  )
}

function Hit({ hit, chat, query }: { hit: SearchHit; chat: Chat | undefined; query: string }) {
  return (
    <>
      <span className="mt-0.5 flex w-7 shrink-0 justify-center">
        {hit.kind === 'message' ? (
          <Avatar name={nameOf(hit.author)} />
        ) : (
          <Bot className="size-5 text-muted" aria-label="The agent" />
        )}
      </span>
      <span className="flex min-w-0 flex-1 flex-col gap-0.5">
        <span className="line-clamp-2 wrap-anywhere">
          <Marked text={hit.excerpt} query={query} />
        </span>
        <span className="flex min-w-0 gap-2 text-xs text-faint">
          <span className="truncate">{chat?.title}</span>
          {chat?.archived_at && <span className="whitespace-nowrap">in the archive</span>}
          <span className="whitespace-nowrap">
            <TimeAgo at={hit.created_at} />
          </span>
        </span>
      </span>
    </>
  )
}

function ChatGlyph({ chat }: { chat: Chat }) {
  const Glyph = chat.archived_at ? Archive : MessageSquare
  return (
    <Glyph
      className="size-4 shrink-0 text-muted"
      aria-label={chat.archived_at ? 'In the archive' : undefined}
      aria-hidden={chat.archived_at === null}
    />
  )
}

function Marked({ text, query }: { text: string; query: string }) {
  return pieces(text, query).map(({ text: piece, isFound }, at) =>
    isFound ? (
      <mark
        // biome-ignore lint/suspicious/noArrayIndexKey: a piece is known by its place
        key={at}
        className="bg-transparent font-semibold text-text underline decoration-line-strong underline-offset-2"
      >
        {piece}
      </mark>
    ) : (
      piece
    ),
  )
}

/** A list of choices must have one, even when it cannot be chosen. */
function Nothing({ children }: { children: ReactNode }) {
  return (
    <div
      role="option"
      aria-disabled
      aria-selected={false}
      tabIndex={-1}
      className="flex justify-center px-2.5 py-6 text-center text-muted"
    >
      {children}
    </div>
  )
}
