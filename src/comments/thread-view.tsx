import { CheckCheck, CircleCheck, RotateCcw } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import type { Thread } from '../../supabase/functions/_shared/protocol.ts'
import { nameOf } from '../people/faces.tsx'
import { attempt } from '../projects/attempt.ts'
import { rpc } from '../rpc.ts'
import { Button } from '../ui/button.tsx'
import { classes } from '../ui/classes.ts'
import { TimeAgo } from '../ui/time-ago.tsx'
import { noteShown, useWanted } from './attention.ts'
import { CommentBox } from './comment-box.tsx'
import { CommentView } from './comment-view.tsx'

type ThreadViewProps = { projectId: string; thread: Thread; isReadOnly: boolean; place?: ReactNode }

/** What was said about one place. A resolved one is folded, and can be opened again by anyone. */
export function ThreadView({ projectId, thread, isReadOnly, place }: ThreadViewProps) {
  const { id, comments, resolved_at } = thread
  const [isShown, setShown] = useState(resolved_at === null)
  const frame = useRef<HTMLDivElement>(null)
  useEffect(() => setShown(resolved_at === null), [resolved_at])
  const isWanted = useWanted(
    (wanted) => wanted === id,
    () => {
      setShown(true)
      frame.current?.scrollIntoView({ block: 'nearest' })
      noteShown()
    },
  )
  const isFolded = resolved_at !== null && !isShown
  return (
    // biome-ignore lint/a11y/useSemanticElements: a thread is no part of a form
    <div
      ref={frame}
      role="group"
      aria-label={`Thread begun by ${nameOf(comments[0]?.author ?? '')}`}
      data-thread={id}
      className={classes(
        'flex flex-col gap-2.5 rounded-md border bg-surface px-3 py-2.5 text-sm',
        isWanted ? 'border-focus' : 'border-line',
      )}
    >
      {!isFolded && place}
      {resolved_at && <Resolved thread={thread} isShown={isShown} onToggle={() => setShown(!isShown)} />}
      {!isFolded &&
        comments.map((comment) => (
          <CommentView key={comment.id} projectId={projectId} comment={comment} isReadOnly={isReadOnly} />
        ))}
      {!isFolded && !isReadOnly && <Answer projectId={projectId} thread={thread} />}
    </div>
  )
}

function Resolved({ thread, isShown, onToggle }: { thread: Thread; isShown: boolean; onToggle(): void }) {
  return (
    <button
      type="button"
      aria-expanded={isShown}
      onClick={onToggle}
      className="flex items-center gap-2 text-left text-muted hover:text-text"
    >
      <CircleCheck className="size-4 shrink-0" aria-hidden />
      <span className="min-w-0 flex-1 truncate">
        Resolved by {nameOf(thread.resolved_by ?? '')} <TimeAgo at={thread.resolved_at ?? ''} />
      </span>
    </button>
  )
}

function Answer({ projectId, thread: { id, resolved_at } }: { projectId: string; thread: Thread }) {
  const isResolved = resolved_at !== null
  const resolve = () =>
    attempt(isResolved ? 'The thread was not opened again.' : 'The thread was not resolved.', () =>
      rpc('resolve_thread', { thread_id: id, resolved: !isResolved }),
    )
  const Glyph = isResolved ? RotateCcw : CheckCheck
  return (
    <CommentBox
      projectId={projectId}
      label="Answer"
      placeholder={isResolved ? 'Answer, and open it again' : 'Answer'}
      action="Answer"
      send={(body, clientId) =>
        rpc('add_comment', { project_id: projectId, body, client_id: clientId, thread_id: id })
      }
    >
      <Button look="quiet" className="-ml-2 h-7 px-2" onClick={() => void resolve()}>
        <Glyph className="size-4" aria-hidden />
        {isResolved ? 'Open again' : 'Resolve'}
      </Button>
    </CommentBox>
  )
}
