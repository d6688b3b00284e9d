import { lazy, Suspense } from 'react'
import { classes } from '../../ui/classes.ts'
import { Skeleton } from '../../ui/skeleton.tsx'
import type { CodeEditorProps } from './code-editor.tsx'

export type { CodeEditorProps }

const loadEditor = () => import('./code-editor.tsx')
const LoadedEditor = lazy(() => loadEditor().then(({ CodeEditor }) => ({ default: CodeEditor })))

const AFTER_THE_PAGE = 2_000

/** Asked for before it is needed, and after what the page itself needs. Returns the way to call it off. */
export function prefetchEditor(): () => void {
  const timer = setTimeout(() => void loadEditor(), AFTER_THE_PAGE)
  return () => clearTimeout(timer)
}

/** The editor is the heaviest part of Baton, and comes when the first code is looked at. */
export function Code(props: CodeEditorProps) {
  return (
    <Suspense fallback={<CodeSkeleton className={props.className} />}>
      <LoadedEditor {...props} />
    </Suspense>
  )
}

const WIDTHS = ['w-2/5', 'w-3/5', 'w-1/2', 'w-1/4', 'w-2/3', 'w-1/3', 'w-1/2', 'w-1/5']

export function CodeSkeleton({ className }: { className?: string | undefined }) {
  return (
    <div aria-hidden className={classes('flex flex-col gap-2 px-4 py-3', className)}>
      {WIDTHS.map((width, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of nothing, which never change
        <span key={line} className="flex gap-4">
          <Skeleton className="h-3 w-5" />
          <Skeleton className={classes('h-3', width)} />
        </span>
      ))}
    </div>
  )
}
