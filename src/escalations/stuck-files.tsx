import { useQuery } from '@tanstack/react-query'
import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import type { StuckSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { sentenceOf, toBatonError } from '../errors.ts'
import { Code, CodeSkeleton } from '../files/editor/index.tsx'
import { isReadable } from '../files/file-kind.ts'
import { rpc } from '../rpc.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { classes } from '../ui/classes.ts'
import { Section } from './section.tsx'

type StuckFile = StuckSnapshot['files'][number]

/** What the run changed, as it was before it and when help was asked for, whatever happened since. */
export function StuckFiles({
  snapshot: { files },
  projectId,
}: {
  snapshot: StuckSnapshot
  projectId: string
}) {
  if (files.length === 0) return null
  return (
    <Section title="Files" note={`${files.length} changed`} className="order-4">
      <ul className="divide-y divide-line overflow-hidden rounded-lg border border-line">
        {files.map((file) => (
          <FileRow key={file.path} file={file} projectId={projectId} />
        ))}
      </ul>
    </Section>
  )
}

function FileRow({ file, projectId }: { file: StuckFile; projectId: string }) {
  const [isOpen, setIsOpen] = useState(false)
  const kind = file.before === null ? 'added' : file.after === null ? 'deleted' : 'changed'
  return (
    <li>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
        className="flex min-h-9 w-full items-center gap-2 px-3 text-left -outline-offset-2 hover:bg-hover"
      >
        <ChevronRight
          className={classes('size-3.5 shrink-0 text-faint', isOpen && 'rotate-90')}
          aria-hidden
        />
        <span className="min-w-0 flex-1 truncate font-mono text-xs" title={file.path}>
          {file.path}
        </span>
        <span className="shrink-0 text-xs text-muted">
          {kind}
          {file.changes > 1 && `, ${file.changes} times`}
        </span>
      </button>
      {isOpen && (
        <div className="border-t border-line">
          <Difference file={file} projectId={projectId} />
        </div>
      )}
    </li>
  )
}

function Difference({ file, projectId }: { file: StuckFile; projectId: string }) {
  const before = useVersion(projectId, file.path, file.before)
  const after = useVersion(projectId, file.path, file.after)
  const error = before.error ?? after.error
  if (error) {
    const again = () => void Promise.all([before.refetch(), after.refetch()])
    return (
      <Callout tone="bad" action={<Button onClick={again}>Try again</Button>}>
        {sentenceOf(toBatonError(error))}
      </Callout>
    )
  }
  if (before.data === undefined || after.data === undefined) return <CodeSkeleton />
  if (!isReadable(before.data) || !isReadable(after.data))
    return <p className="px-3 py-2 text-muted">This is not text.</p>
  return (
    <Code
      path={file.path}
      label={`Changes of ${file.path}`}
      text={after.data}
      original={before.data}
      readOnly
    />
  )
}

/** A version never changes. One that never was is the empty text. */
function useVersion(projectId: string, path: string, version: number | null) {
  return useQuery({
    queryKey: ['file-version', projectId, path, version],
    queryFn: async ({ signal }) =>
      version === null
        ? ''
        : (await rpc('read_file', { project_id: projectId, path, version }, signal)).content,
    staleTime: Number.POSITIVE_INFINITY,
  })
}
