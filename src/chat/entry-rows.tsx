/** What the agent said and thought, and what was said about it. */
import { Brain, ChevronRight, FoldVertical, Info } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import type { Entry } from '../../supabase/functions/_shared/protocol.ts'
import { classes } from '../ui/classes.ts'
import { Markdown } from './markdown/markdown.tsx'
import { useOpening } from './openings.ts'

export function TextRow({ entry }: { entry: Entry }) {
  return (
    <article aria-label="The agent said" data-entry={entry.id} data-entry-state={entry.state}>
      <Markdown text={entry.text} grows={entry.state === 'open'} />
    </article>
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
