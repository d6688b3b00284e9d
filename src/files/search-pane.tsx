import { useDeferredValue, useMemo, useState } from 'react'
import type { ProjectSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { sentenceOf } from '../errors.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { TextInput } from '../ui/text-input.tsx'
import { useContents } from './contents.ts'
import { type Hit, MOST_HITS, searchFiles } from './search.ts'

type SearchPaneProps = { project: ProjectSnapshot; onOpen(path: string, line: number): void }

/** All contents are here once they were fetched, so that each key finds at once, offline too. */
export function SearchPane({ project, onOpen }: SearchPaneProps) {
  const [words, setWords] = useState('')
  const wanted = useDeferredValue(words)
  const hashes = useMemo(() => [...new Set(project.files.map(({ hash }) => hash))].sort(), [project.files])
  const { data, error, refetch } = useContents(project.project.id, hashes, true)
  const hits = useMemo(() => {
    if (!data) return []
    return searchFiles(
      project.files.map(({ path, hash }) => [path, data.get(hash) ?? ''] as const),
      wanted,
    )
  }, [data, project.files, wanted])

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="p-2">
        <TextInput
          type="search"
          aria-label="Search in files"
          placeholder="Search in files"
          value={words}
          onChange={(event) => setWords(event.target.value)}
          className="h-8"
          autoFocus
        />
      </div>
      <div className="min-h-0 flex-1 overflow-auto pb-2">
        {error ? (
          <div className="p-2">
            <Callout tone="bad" action={<Button onClick={() => refetch()}>Try again</Button>}>
              {sentenceOf(error)}
            </Callout>
          </div>
        ) : !data ? (
          <div className="flex flex-col gap-2 px-3 py-1">
            <Skeleton className="w-3/4" />
            <Skeleton className="w-1/2" />
          </div>
        ) : (
          <Hits hits={hits} words={wanted} onOpen={onOpen} />
        )}
      </div>
    </div>
  )
}

type HitsProps = { hits: Hit[]; words: string; onOpen(path: string, line: number): void }

function Hits({ hits, words, onOpen }: HitsProps) {
  const groups = new Map<string, Hit[]>()
  for (const hit of hits) groups.set(hit.path, [...(groups.get(hit.path) ?? []), hit])
  return (
    <>
      <p aria-live="polite" className="px-3 pb-1 text-xs text-muted">
        {words.trim() === '' ? 'Type what you look for.' : countOf(hits.length, groups.size)}
      </p>
      {[...groups].map(([path, found]) => (
        <section key={path} className="pb-1">
          <h3 className="truncate px-3 py-1 text-xs font-medium" title={path}>
            {path}
          </h3>
          {found.map((hit) => (
            <button
              key={hit.line}
              type="button"
              onClick={() => onOpen(path, hit.line)}
              className="flex w-full gap-2 px-3 py-0.5 text-left font-mono text-2xs [font-variant-ligatures:none] -outline-offset-2 hover:bg-hover"
            >
              <span className="tabular shrink-0 text-faint">{hit.line}</span>
              <span className="truncate whitespace-pre text-muted">
                {hit.before}
                <mark className="rounded-sm bg-hover font-semibold text-text underline">{hit.match}</mark>
                {hit.after}
              </span>
            </button>
          ))}
        </section>
      ))}
    </>
  )
}

function countOf(hits: number, files: number): string {
  if (hits === 0) return 'Nothing found.'
  if (hits === MOST_HITS) return `The first ${MOST_HITS} lines.`
  return `${hits} ${hits === 1 ? 'line' : 'lines'} in ${files} ${files === 1 ? 'file' : 'files'}.`
}
