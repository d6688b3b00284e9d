import { goInWorkbench } from '../files/place.ts'

type FileLinkProps = { projectId: string; path: string; line: number | null; column?: number | null }

/** Opens the file in Code, at the line. */
export function FileLink({ projectId, path, line, column = null }: FileLinkProps) {
  const place = line === null ? path : `${path}:${line}${column === null ? '' : `:${column}`}`
  return (
    <button
      type="button"
      onClick={() =>
        goInWorkbench(projectId, { tab: 'code', path, follow: false, ...(line ? { line } : {}) })
      }
      className="rounded-sm font-mono text-xs text-text underline decoration-line-strong underline-offset-3 hover:decoration-text"
    >
      {place}
    </button>
  )
}
