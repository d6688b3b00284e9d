import { lazy, Suspense, useCallback, useMemo, useState } from 'react'
import { attendTo } from './attention.ts'
import { type Lines, linesNow } from './lines.ts'
import { isOpenThread, useThreadsOnFile } from './threads.ts'

const FileComments = lazy(() =>
  import('./file-comments.tsx').then(({ FileComments }) => ({ default: FileComments })),
)

type CommentsOfFileProps = {
  projectId: string
  path: string
  text: string
  isReadOnly: boolean
  selected: Lines | null
  onGoTo(line: number): void
}

/** Open or not is remembered from file to file. */
let wasOpen = false

export function CommentsOfFile(props: CommentsOfFileProps) {
  const threads = useThreadsOnFile(props.projectId, props.path)
  const [isOpen, setOpen] = useState(wasOpen)
  const toggle = useCallback(() => {
    setOpen((before) => {
      wasOpen = !before
      return !before
    })
  }, [])
  return (
    <Suspense fallback={<div aria-hidden className="h-8 shrink-0 border-t border-line" />}>
      <FileComments {...props} threads={threads} isOpen={isOpen} onToggle={toggle} />
    </Suspense>
  )
}

/** What an editor draws of the comments of its file, and what it tells them. */
export function useCommentMarks(projectId: string, path: string, text: string) {
  const threads = useThreadsOnFile(projectId, path)
  const [selected, setSelected] = useState<Lines | null>(null)
  const placed = useMemo(
    () =>
      threads.filter(isOpenThread).flatMap((thread) => {
        const lines = linesNow(text, thread)
        return lines ? [{ id: thread.id, line: lines.from }] : []
      }),
    [threads, text],
  )
  const shown = placed.map(({ line }) => line).join(' ')
  const marks = useMemo(() => shown.split(' ').filter(Boolean).map(Number), [shown])
  return {
    selected,
    forEditor: {
      marks,
      onSelect: (lines: Lines | null) =>
        setSelected((before) => (before?.from === lines?.from && before?.to === lines?.to ? before : lines)),
      onMark: (line: number) => attendTo(placed.find((one) => one.line === line)?.id ?? null),
    },
  }
}
