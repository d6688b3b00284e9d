/** What the agent said and thought, and what was said about it. */
import { Link } from '@tanstack/react-router'
import { Brain, ChevronRight, FoldVertical, GitFork, Info } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import type { Entry } from '../../supabase/functions/_shared/protocol.ts'
import { classes } from '../ui/classes.ts'
import { textLink } from '../ui/text-link.ts'
import { useChatPlace } from './chat.ts'
import { CopyButton } from './copy-button.tsx'
import { AfterFlight } from './flight.tsx'
import { ForkButton } from './fork.tsx'
import { Markdown } from './markdown/markdown.tsx'
import { useOpening } from './openings.ts'

export function TextRow({ entry }: { entry: Entry }) {
  return (
    <article
      aria-label="The agent said"
      data-entry={entry.id}
      data-entry-state={entry.state}
      className="group relative"
    >
      <Markdown text={entry.text} grows={entry.state === 'open'} />
      {entry.state === 'closed' && (
        <TurnActions>
          <CopyButton text={entry.text} label="Copy the answer" />
          <ForkButton turn={entry.turn} />
        </TurnActions>
      )}
    </article>
  )
}

/** Over the corner of what they are about, while someone points at it; below it where nobody can point. */
export function TurnActions({ children }: { children: ReactNode }) {
  return (
    <div className="absolute -top-2 right-0 flex rounded-md border border-line bg-raised opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:static pointer-coarse:mt-1 pointer-coarse:min-h-10 pointer-coarse:justify-end pointer-coarse:border-0 pointer-coarse:bg-transparent pointer-coarse:opacity-100">
      <AfterFlight>{children}</AfterFlight>
    </div>
  )
}

/** Open while it is being thought, then folded. */
export function ThinkingRow({ entry }: { entry: Entry }) {
  const isOpen = entry.state === 'open'
  if (entry.kind === 'redacted_thinking') {
    return (
      <p className="flex items-center gap-2 text-faint">
        <Brain className="size-4" aria-hidden />
        Thought, and keeps it to itself
      </p>
    )
  }
  return (
    <Folding
      id={`thinking ${entry.id}`}
      usually={isOpen}
      icon={<Brain className={classes('size-4', isOpen && 'pulse text-live-text')} aria-hidden />}
      title={isOpen ? 'Thinks' : 'Thought'}
      text={entry.text}
    />
  )
}

export function NoticeRow({ entry }: { entry: Entry }) {
  if (entry.data.reason === 'forked') return <ForkedRow entry={entry} />
  const isCut = entry.data.reason === 'cut'
  return (
    <Folding
      id={`notice ${entry.id}`}
      usually={false}
      icon={<Info className="size-4" aria-hidden />}
      title={isCut ? 'The answer was cut off, and goes on' : 'A word from Baton to the agent'}
      text={entry.text}
    />
  )
}

/** Where a chat that was forked goes its own way. */
function ForkedRow({ entry: { data } }: { entry: Entry }) {
  const { projectId } = useChatPlace()
  return (
    <p className="flex min-w-0 items-center gap-2 text-muted">
      <span className="h-px flex-1 bg-line" />
      <GitFork className="size-4 shrink-0" aria-hidden />
      <span className="min-w-0 truncate">
        Forked from{' '}
        <Link
          to="/p/$projectId/c/$chatId"
          params={{ projectId, chatId: String(data.chat_id) }}
          className={textLink}
        >
          {String(data.title)}
        </Link>
      </span>
      <span className="h-px flex-1 bg-line" />
    </p>
  )
}

export function CompactionRow({ entry }: { entry: Entry }) {
  return (
    <Folding
      id={`compaction ${entry.id}`}
      usually={false}
      icon={<FoldVertical className="size-4" aria-hidden />}
      title="From here on the agent knows what is above as a summary"
      text={entry.text}
    />
  )
}

type FoldingProps = { id: string; usually: boolean; icon: ReactNode; title: string; text: string }

function Folding({ id, usually, icon, title, text }: FoldingProps) {
  const [isOpen, toggle] = useOpening(id, usually)
  const bodyId = useId()
  return (
    <div>
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={bodyId}
        onClick={toggle}
        className="flex min-h-7 max-w-full items-center gap-2 rounded-md pr-1.5 text-left text-muted hover:text-text pointer-coarse:min-h-11"
      >
        {icon}
        <span className="min-w-0">{title}</span>
        <ChevronRight className={classes('size-4 shrink-0 text-faint', isOpen && 'rotate-90')} aria-hidden />
      </button>
      <div
        id={bodyId}
        hidden={!isOpen}
        className="mt-1 ml-2 border-l border-line pl-3.5 whitespace-pre-wrap text-muted wrap-anywhere"
      >
        {isOpen && text}
      </div>
    </div>
  )
}
