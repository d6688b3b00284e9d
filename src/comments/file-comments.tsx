import { ChevronDown, MessageSquareText, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Thread } from '../../supabase/functions/_shared/protocol.ts'
import { rpc } from '../rpc.ts'
import { classes } from '../ui/classes.ts'
import { IconButton } from '../ui/icon-button.tsx'
import { useWanted } from './attention.ts'
import { CommentBox } from './comment-box.tsx'
import { type Lines, linesNow, lineText, passageOf } from './lines.ts'
import { ThreadView } from './thread-view.tsx'
import { summaryOf } from './threads.ts'

type FileCommentsProps = {
  projectId: string
  path: string
  text: string
  threads: readonly Thread[]
  isReadOnly: boolean
  isOpen: boolean
  onToggle(): void
  /** What is selected in the editor; null for no more than a cursor. */
  selected: Lines | null
  onGoTo(line: number): void
}

/** Below the code: what the team says about the file, by the order of its lines, and a place to say more. */
export function FileComments({ threads, text, isOpen, onToggle, ...rest }: FileCommentsProps) {
  useWanted(
    (wanted) => threads.some(({ id }) => id === wanted),
    () => {
      if (!isOpen) onToggle()
    },
  )
  return (
    <section
      aria-label="Comments on this file"
      className="flex max-h-3/5 shrink-0 flex-col border-t border-line"
    >
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={onToggle}
        className="flex min-h-8 shrink-0 items-center gap-2 px-3 text-left text-xs text-muted -outline-offset-2 hover:bg-hover hover:text-text pointer-coarse:min-h-11"
      >
        <MessageSquareText className="size-3.5" aria-hidden />
        <span className="flex-1">{threads.length > 0 ? summaryOf(threads) : 'Comments'}</span>
        <ChevronDown className={classes('size-4 text-faint', !isOpen && 'rotate-180')} aria-hidden />
      </button>
      {isOpen && <Open {...rest} threads={threads} text={text} />}
    </section>
  )
}

type OpenProps = Omit<FileCommentsProps, 'isOpen' | 'onToggle'>

function Open({ projectId, path, text, threads, isReadOnly, selected, onGoTo }: OpenProps) {
  const placed = threads
    .map((thread) => ({ thread, lines: linesNow(text, thread) }))
    .sort((one, other) => (one.lines?.from ?? 0) - (other.lines?.from ?? 0))
  return (
    <div className="flex min-h-0 flex-col gap-2 overflow-y-auto bg-canvas p-2">
      {placed.map(({ thread, lines }) => (
        <ThreadView
          key={thread.id}
          projectId={projectId}
          thread={thread}
          isReadOnly={isReadOnly}
          place={<PlaceOf thread={thread} lines={lines} onGoTo={onGoTo} />}
        />
      ))}
      {!isReadOnly && <NewThread projectId={projectId} path={path} text={text} selected={selected} />}
      {isReadOnly && threads.length === 0 && <p className="p-2 text-muted">Nobody said anything about it.</p>}
    </div>
  )
}

type PlaceOfProps = { thread: Thread; lines: Lines | null; onGoTo(line: number): void }

function PlaceOf({ thread, lines, onGoTo }: PlaceOfProps) {
  if (thread.quote === null) return null
  return (
    <div className="flex flex-col gap-1">
      {lines ? (
        <button
          type="button"
          onClick={() => onGoTo(lines.from)}
          className="self-start text-xs text-muted underline decoration-line-strong underline-offset-2 hover:text-text"
        >
          {lineText(lines)}
        </button>
      ) : (
        <p className="text-xs text-muted">These lines were changed since</p>
      )}
      <pre className="max-h-20 overflow-auto rounded-sm bg-sunken px-2 py-1 font-mono text-xs">
        {thread.quote}
      </pre>
    </div>
  )
}

type NewThreadProps = Pick<FileCommentsProps, 'projectId' | 'path' | 'text' | 'selected'>

function NewThread({ projectId, path, text, selected }: NewThreadProps) {
  const [isWhole, setWhole] = useState(false)
  const lines = isWhole ? null : selected
  // biome-ignore lint/correctness/useExhaustiveDependencies: who selects anew means it
  useEffect(() => setWhole(false), [selected])
  const place = () => {
    if (!lines) return { path }
    const { from, to, quote } = passageOf(text, lines)
    return { path, from_line: from, to_line: to, quote }
  }
  return (
    <div className="rounded-md border border-line bg-surface px-3 py-2.5">
      <CommentBox
        projectId={projectId}
        label="New comment"
        placeholder={lines ? `Comment on ${lineText(lines).toLowerCase()}` : 'Comment on this file'}
        action="Comment"
        send={(body, clientId) =>
          rpc('add_comment', { project_id: projectId, body, client_id: clientId, ...place() })
        }
        onSent={() => setWhole(true)}
      >
        {lines && (
          <span className="inline-flex items-center gap-1 rounded-sm bg-sunken pl-1.5 text-xs text-muted">
            {lineText(lines)}
            <IconButton label="About the whole file" onClick={() => setWhole(true)} className="size-6!">
              <X className="size-3.5" aria-hidden />
            </IconButton>
          </span>
        )}
      </CommentBox>
    </div>
  )
}
