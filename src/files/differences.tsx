import { useQuery } from '@tanstack/react-query'
import { ChevronRight } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { Checkpoint, ProjectSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { type BatonError, sentenceOf } from '../errors.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { classes } from '../ui/classes.ts'
import { Skeleton } from '../ui/skeleton.tsx'
import { treeBeforeQuery, treeQuery } from './checkpoints.ts'
import { useContent, useContents } from './contents.ts'
import { Code, CodeSkeleton } from './editor/index.tsx'
import { isReadable } from './file-kind.ts'
import { countChanges } from './line-diff.ts'
import { diffTrees, type FileDifference, treeOf } from './tree-diff.ts'

type DifferencesProps = {
  project: ProjectSnapshot
  /** Null: what is there now. */
  checkpoint: Checkpoint | null
  /** Null: the one before. */
  against: Checkpoint | null
}

/** As many are open at first; more would be a wall. */
const OPEN_AT_FIRST = 5
/** The contents of as many come in one request; of the others each comes when it is opened. */
const READ_AT_FIRST = 20
const LISTED_AT_FIRST = 100

export function Differences({ project, checkpoint, against }: DifferencesProps) {
  const projectId = project.project.id
  const [isWhole, setIsWhole] = useState(false)
  const saved = useQuery({ ...treeQuery(checkpoint?.id ?? ''), enabled: checkpoint !== null })
  const version = checkpoint?.version ?? project.version + 1
  const previous = useQuery({ ...treeBeforeQuery(projectId, version), enabled: against === null })
  const chosen = useQuery({ ...treeQuery(against?.id ?? ''), enabled: against !== null })
  const base = against ? chosen : previous
  const now = useMemo(() => (checkpoint ? undefined : treeOf(project.files)), [checkpoint, project.files])
  const after = checkpoint ? saved.data : now
  const changed = useMemo(() => base.data && after && diffTrees(base.data, after), [base.data, after])
  const hashes = useMemo(
    () =>
      (changed ?? [])
        .slice(0, READ_AT_FIRST)
        .flatMap(({ before, after }) => [before, after])
        .filter((hash) => hash !== null),
    [changed],
  )
  const contents = useContents(projectId, hashes, hashes.length > 0)
  const error: BatonError | null = base.error ?? (checkpoint ? saved.error : null) ?? contents.error

  if (error) {
    const again = () => void Promise.all([base.refetch(), checkpoint && saved.refetch(), contents.refetch()])
    return (
      <div className="p-3">
        <Callout tone="bad" action={<Button onClick={again}>Try again</Button>}>
          {sentenceOf(error)}
        </Callout>
      </div>
    )
  }
  if (!changed) return <DifferencesSkeleton />
  if (changed.length === 0) return <p className="p-4 text-muted">There is no difference.</p>
  return (
    <div className="min-h-0 flex-1 overflow-auto">
      <p className="px-3 py-2 text-xs text-muted">
        {changed.length.toLocaleString('en')} {changed.length === 1 ? 'file' : 'files'}
      </p>
      {(isWhole ? changed : changed.slice(0, LISTED_AT_FIRST)).map((difference, index) => (
        <OneFile
          key={difference.path}
          projectId={projectId}
          difference={difference}
          contents={contents.data}
          isComing={index < READ_AT_FIRST}
          isOpenAtFirst={index < OPEN_AT_FIRST}
        />
      ))}
      {!isWhole && changed.length > LISTED_AT_FIRST && (
        <Button className="m-3" onClick={() => setIsWhole(true)}>
          Show the other {(changed.length - LISTED_AT_FIRST).toLocaleString('en')}
        </Button>
      )}
    </div>
  )
}

const KINDS: Record<FileDifference['kind'], { letter: string; title: string }> = {
  added: { letter: 'A', title: 'Added' },
  removed: { letter: 'D', title: 'Deleted' },
  changed: { letter: 'M', title: 'Changed' },
  moved: { letter: 'R', title: 'Renamed' },
}

type OneFileProps = {
  projectId: string
  difference: FileDifference
  contents: ReadonlyMap<string, string> | undefined
  /** Its contents come with those of others. */
  isComing: boolean
  isOpenAtFirst: boolean
}

function OneFile({ projectId, difference, contents, isComing, isOpenAtFirst }: OneFileProps) {
  const [isOpen, setIsOpen] = useState(isOpenAtFirst)
  const { path, kind, fromPath, before, after } = difference
  const isAsked = isOpen && !isComing
  const old = useContent(projectId, isAsked ? before : null)
  const present = useContent(projectId, isAsked ? after : null)
  const known = (hash: string | null, asked: string | undefined) =>
    hash === null ? '' : (contents?.get(hash) ?? (isAsked ? asked : undefined))
  const was = known(before, old.data)
  const is = known(after, present.data)
  const isHere = was !== undefined && is !== undefined
  const error = old.error ?? present.error
  return (
    <section className="border-t border-line last:border-b">
      <h3>
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={() => setIsOpen(!isOpen)}
          className="flex min-h-8 w-full items-center gap-2 bg-sunken px-3 text-left -outline-offset-2 hover:bg-hover"
        >
          <ChevronRight
            className={classes('size-3.5 shrink-0 text-faint', isOpen && 'rotate-90')}
            aria-hidden
          />
          <abbr
            title={KINDS[kind].title}
            className="w-3 shrink-0 font-mono text-xs font-semibold no-underline"
          >
            {KINDS[kind].letter}
          </abbr>
          <span className="min-w-0 flex-1 truncate font-mono text-xs" title={path}>
            {fromPath && <span className="text-muted">{fromPath} → </span>}
            {path}
          </span>
          {isHere && <Counts before={was} after={is} />}
        </button>
      </h3>
      {isOpen && (
        <div className="border-t border-line">
          {error ? (
            <p className="px-3 py-2 text-bad-text">{sentenceOf(error)}</p>
          ) : !isHere ? (
            <CodeSkeleton />
          ) : kind === 'moved' ? (
            <p className="px-3 py-2 text-muted">Only its name changed.</p>
          ) : isReadable(was) && isReadable(is) ? (
            <Code
              key={`${before} ${after}`}
              path={path}
              label={`Changes of ${path}`}
              text={is}
              original={was}
              readOnly
            />
          ) : (
            <p className="px-3 py-2 text-muted">This is not text.</p>
          )}
        </div>
      )}
    </section>
  )
}

function Counts({ before, after }: { before: string; after: string }) {
  const { added, removed } = useMemo(() => countChanges(before, after), [before, after])
  return (
    <span className="tabular shrink-0 font-mono text-xs text-muted">
      <span className="sr-only">
        {added} lines added, {removed} removed
      </span>
      <span aria-hidden>
        +{added} −{removed}
      </span>
    </span>
  )
}

function DifferencesSkeleton() {
  return (
    <div className="flex flex-col gap-3 p-3">
      <Skeleton className="w-1/4" />
      <Skeleton className="h-8 w-full" />
      <Skeleton className="h-24 w-full" />
    </div>
  )
}
