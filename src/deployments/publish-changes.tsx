import type { ReactNode } from 'react'
import { useId } from 'react'
import type { ProjectSnapshot, PublishPlan } from '../../supabase/functions/_shared/protocol.ts'
import { config } from '../config.ts'
import { seenName } from '../teams/seen-names.ts'
import { sizeText } from '../ui/size.ts'
import { TimeAgo } from '../ui/time-ago.tsx'
import { addressOf } from './show-state.ts'

type PublishChangesProps = { project: ProjectSnapshot; plan: PublishPlan }

/** The difference to what the world sees: files, environment, and the run and person behind it. */
export function PublishChanges({ project, plan }: PublishChangesProps) {
  const { production, files, variables, run, checkpoint, host } = plan
  const who = run?.created_by ?? checkpoint?.created_by ?? null
  const builtPreview = project.builds.find(
    ({ kind, state, version }) => kind === 'preview' && version === plan.version && state !== 'superseded',
  )
  return (
    <div className="flex flex-col gap-3">
      <p className="text-muted">
        {production ? (
          <>
            Version {production.version} went out <TimeAgo at={host.updated_at} />. The new one takes its
            place at{' '}
          </>
        ) : (
          'It is the first time. The app appears at '
        )}
        <span className="font-mono text-xs wrap-anywhere text-text">
          {addressOf(host, config.previewUrl).replace(/^https?:\/\//, '')}
        </span>
        .
      </p>
      {builtPreview?.state === 'failed' && (
        <p role="alert" className="text-bad-text">
          The preview of this version does not build, so publishing it will fail too.
        </p>
      )}
      <Part
        title={
          files.length === 0
            ? 'No file differs'
            : `${files.length} ${files.length === 1 ? 'file differs' : 'files differ'}`
        }
      >
        {files.length > 0 && (
          <ul
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a long list is scrolled with the keyboard
            tabIndex={0}
            className="max-h-52 overflow-auto rounded-md border border-line"
          >
            {files.map((file) => (
              <FileRow key={file.path} file={file} />
            ))}
          </ul>
        )}
      </Part>
      {variables.length > 0 && (
        <Part title="Environment">
          <ul className="flex flex-col gap-1">
            {variables.map(({ name, change }) => (
              <li key={name}>
                <span className="font-mono text-xs">{name}</span> <span className="text-muted">{change}</span>
              </li>
            ))}
          </ul>
        </Part>
      )}
      {(run || who) && (
        <Part title="Behind it">
          <p className="text-muted">
            {run && <>The run “{run.title || 'without a name'}”, asked for </>}
            {who ? `by ${seenName(who) ?? 'someone who left'}` : 'by the agent'}
          </p>
        </Part>
      )}
    </div>
  )
}

const LETTERS = { added: 'A', changed: 'M', removed: 'D' } as const
const WORDS = { added: 'Added', changed: 'Changed', removed: 'Deleted' } as const

function FileRow({ file: { path, change, size, old_size } }: { file: PublishPlan['files'][number] }) {
  const difference = size - old_size
  return (
    <li className="flex items-baseline gap-2 px-2.5 py-1 font-mono text-xs not-first:border-t not-first:border-line">
      <abbr title={WORDS[change]} className="w-3 shrink-0 font-semibold no-underline">
        {LETTERS[change]}
      </abbr>
      <span className="min-w-0 flex-1 truncate" title={path}>
        {path}
      </span>
      <span className="tabular shrink-0 text-muted">
        {difference === 0 ? '±0' : `${difference > 0 ? '+' : '−'}${sizeText(Math.abs(difference))}`}
      </span>
    </li>
  )
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="flex flex-col gap-1.5">
      <h3 id={id} className="font-medium">
        {title}
      </h3>
      {children}
    </section>
  )
}
