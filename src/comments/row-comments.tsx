import { MessageSquareText } from 'lucide-react'
import { lazy, memo, Suspense } from 'react'
import { useChat, useChatPlace } from '../chat/chat.ts'
import { useHasLanded } from '../chat/flight.tsx'
import { useOpening } from '../chat/openings.ts'
import { useProject } from '../projects/project.ts'
import { classes } from '../ui/classes.ts'
import { useWanted } from './attention.ts'
import { isOpenThread, summaryOf, useThreadsOnEntries } from './threads.ts'

const loadThreads = () => import('./entry-threads.tsx')
const EntryThreads = lazy(() => loadThreads().then(({ EntryThreads }) => ({ default: EntryThreads })))

/**
 * Under a row of the conversation: what the team says about it, folded to a line; or a way to say something. Its entries
 * are given as one text, so that it is not drawn again for each letter that streams.
 */
export const RowComments = memo(({ entryIds }: { entryIds: string }) => {
  const { projectId } = useChatPlace()
  const ids = entryIds.split(' ')
  const [entryId = ''] = ids
  const threads = useThreadsOnEntries(projectId, ids)
  const [isOpen, toggle] = useOpening(`comments ${entryId}`, false)
  const hasLanded = useHasLanded()
  const isArchived = useChat(({ chat }) => chat.archived_at !== null)
  const isReadOnly = useProject().project.archived_at !== null || isArchived
  useWanted(
    (wanted) => threads.some(({ id }) => id === wanted),
    () => {
      if (!isOpen) toggle()
    },
  )

  const hasThreads = threads.length > 0
  if (!hasThreads && (isReadOnly || !hasLanded)) return null
  const isPressing = threads.some(isOpenThread)
  return (
    <>
      <div
        className={classes(
          'flex',
          hasThreads || isOpen
            ? 'mt-1'
            : 'absolute right-5 -bottom-3.5 z-10 opacity-0 group-hover/row:opacity-100 focus-within:opacity-100 max-md:right-3',
        )}
      >
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={toggle}
          onPointerEnter={() => void loadThreads()}
          className={classes(
            'inline-flex h-6 items-center gap-1.5 rounded-md px-1.5 text-xs hover:bg-hover hover:text-text pointer-coarse:h-9',
            isPressing ? 'text-text' : 'text-muted',
            !hasThreads && !isOpen && 'border border-line bg-surface',
          )}
        >
          <MessageSquareText className="size-3.5" aria-hidden />
          {hasThreads ? summaryOf(threads) : 'Comment'}
        </button>
      </div>
      {isOpen && (
        <Suspense>
          <EntryThreads
            projectId={projectId}
            entryId={entryId}
            threads={threads}
            isReadOnly={isReadOnly}
            onClose={toggle}
          />
        </Suspense>
      )}
    </>
  )
})
