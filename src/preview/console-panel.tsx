import { CircleAlert, TriangleAlert } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type { ConsoleLine } from '../../services/preview/messages.ts'
import type { ProjectSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { classes } from '../ui/classes.ts'
import { FileLink } from './file-link.tsx'
import { type PreviewLog, projectPathOf } from './preview-log.ts'

const TONES: Partial<Record<ConsoleLine['level'], string>> = {
  error: 'bg-bad-soft text-bad-text',
  warn: 'bg-sunken text-text',
  debug: 'text-faint',
}

const TIME = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' })

/** What the app wrote to its console, oldest first. The view stays at the end while it is there. */
export function ConsolePanel({ project, log }: { project: ProjectSnapshot; log: PreviewLog }) {
  const paths = new Set(project.files.map(({ path }) => path))
  const end = useAtEnd(log.lines.length)
  if (log.lines.length === 0) return <p className="p-4 text-muted">The app has written nothing here yet.</p>
  return (
    <ol
      aria-label="Console"
      ref={end}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled with the keyboard
      tabIndex={0}
      className="h-full overflow-auto py-1 font-mono text-xs -outline-offset-2"
    >
      {log.dropped > 0 && <li className="px-3 py-0.5 text-faint">{log.dropped} earlier lines are gone.</li>}
      {log.lines.map((line) => (
        <Line
          key={line.id}
          line={line}
          path={line.frame && projectPathOf(line.frame, paths)}
          projectId={project.project.id}
        />
      ))}
    </ol>
  )
}

type LineProps = { line: ConsoleLine; path: string | null; projectId: string }

function Line({ line, path, projectId }: LineProps) {
  return (
    <li className={classes('flex gap-2 px-3 py-0.5', TONES[line.level])}>
      <span className="sr-only">{line.level}:</span>
      <span className="w-3.5 shrink-0 pt-px">
        {line.level === 'error' && <CircleAlert className="size-3.5" aria-hidden />}
        {line.level === 'warn' && <TriangleAlert className="size-3.5" aria-hidden />}
      </span>
      <span className="min-w-0 flex-1 whitespace-pre-wrap wrap-anywhere" title={TIME.format(line.at)}>
        {line.text}
      </span>
      {path && line.frame && (
        <span className="shrink-0">
          <FileLink projectId={projectId} path={path} line={line.frame.line || null} />
        </span>
      )}
    </li>
  )
}

function useAtEnd(length: number) {
  const list = useRef<HTMLOListElement>(null)
  const isAtEnd = useRef(true)
  useEffect(() => {
    const element = list.current
    if (!element) return
    const look = () => {
      isAtEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < 24
    }
    element.addEventListener('scroll', look)
    return () => element.removeEventListener('scroll', look)
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is what is new that is scrolled to
  useEffect(() => {
    if (isAtEnd.current) list.current?.scrollTo({ top: list.current.scrollHeight })
  }, [length])
  return list
}
