import type { BuildError } from '../../supabase/functions/_shared/protocol.ts'
import { CodeText } from '../chat/markdown/code-block.tsx'
import { FileLink } from './file-link.tsx'

type ErrorListProps = { projectId: string; errors: readonly BuildError[]; label: string }

/** What the builder or the compiler found wrong, each at its place. */
export function ErrorList({ projectId, errors, label }: ErrorListProps) {
  return (
    <ul aria-label={label} className="flex flex-col gap-3">
      {errors.map((error, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list is replaced as a whole
        <li key={index} className="flex min-w-0 flex-col gap-1">
          <p className="wrap-anywhere whitespace-pre-wrap">
            {error.file && (
              <>
                <FileLink
                  projectId={projectId}
                  path={error.file}
                  line={error.line}
                  column={error.column === null ? null : error.column + 1}
                />{' '}
              </>
            )}
            {error.message}
          </p>
          {error.frame && (
            <CodeText
              text={error.frame}
              label="The lines around it"
              className="rounded-md bg-sunken px-3! py-2! text-text"
            />
          )}
        </li>
      ))}
    </ul>
  )
}
