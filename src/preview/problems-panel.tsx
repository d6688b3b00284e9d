import { useQuery } from '@tanstack/react-query'
import { CircleCheck, Wrench } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import type { Build, ProjectSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { buildFeed } from '../deployments/build-feed.ts'
import { snapshotQuery, useFeed } from '../feed/index.ts'
import { Button } from '../ui/button.tsx'
import { ErrorList } from './error-list.tsx'
import { FaultItem } from './fault-item.tsx'
import { fixBuildMessage, fixRuntimeMessage, fixTypesMessage } from './fix-message.ts'
import { type PreviewLog, presentLines } from './preview-log.ts'
import type { Problems } from './problems.ts'
import { useFixIt } from './use-fix-it.ts'

type ProblemsPanelProps = {
  project: ProjectSnapshot
  problems: Problems
  /** Whose types were checked. */
  checked: Build | null
  log: PreviewLog
}

/** Everything that is wrong, worst first, each with the way to its place and to the agent. */
export function ProblemsPanel({ project, problems, checked, log }: ProblemsPanelProps) {
  const { failed, faults, typeErrors } = problems
  const projectId = project.project.id
  const fix = useFixIt(project)
  const isReadOnly = project.project.archived_at !== null
  if (problems.count === 0 && !failed) {
    return (
      <p className="flex items-center gap-2 p-4 text-muted">
        <CircleCheck className="size-4" aria-hidden />
        {checked?.type_error_count === 0
          ? 'No problems: it builds, the types fit, and no error was seen.'
          : 'No problems: it builds, and no error was seen.'}
      </p>
    )
  }
  const fixButton = (content: () => string, label = 'Fix it') =>
    isReadOnly ? null : (
      <Button className="h-7" pending={fix.isPending} onClick={() => fix.mutate(content())}>
        <Wrench className="size-4" aria-hidden />
        {label}
      </Button>
    )
  return (
    <div className="flex flex-col gap-4 p-3">
      {failed && <FailedBuild projectId={projectId} build={failed} fixButton={fixButton} />}
      {faults.length > 0 && (
        <Group
          title={faults.length === 1 ? 'An error of the app' : `${faults.length} errors of the app`}
          action={fixButton(() => fixRuntimeMessage(faults, presentLines(log)))}
        >
          <ul aria-label="Errors of the app" className="flex flex-col gap-3">
            {faults.map((fault) => (
              <FaultItem key={fault.key} fault={fault} project={project} />
            ))}
          </ul>
        </Group>
      )}
      {typeErrors > 0 && checked && (
        <TypeErrors projectId={projectId} build={checked} fixButton={fixButton} />
      )}
    </div>
  )
}

type FixButton = (content: () => string, label?: string) => ReactNode
type PartProps = { projectId: string; build: Build; fixButton: FixButton }

function useBuild(build: Build) {
  const spec = buildFeed(build)
  useFeed(spec)
  return useQuery(snapshotQuery(spec)).data
}

export function FailedBuild({ projectId, build, fixButton }: PartProps) {
  const errors = useBuild(build)?.errors ?? build.errors
  if (build.reason !== 'errors' && errors.length === 0) {
    return <Group title="The build stopped">{reasonText(build.reason)}</Group>
  }
  return (
    <Group
      title={errors.length === 1 ? 'It does not build' : `It does not build: ${errors.length} errors`}
      action={fixButton(() => fixBuildMessage(build, errors))}
    >
      <ErrorList projectId={projectId} errors={errors} label="Errors of the build" />
    </Group>
  )
}

const REASONS: Record<string, string> = {
  timeout: 'It took longer than a build may. Look for something that never ends.',
  too_large: 'It is larger than a build may be.',
  dead: 'The builder stopped three times while it was at it. Build again, or change what makes it so heavy.',
  internal: 'The builder itself went wrong. Build again.',
}

const reasonText = (reason: string | null) =>
  REASONS[reason ?? ''] ?? `It ended without a result (${reason}).`

function TypeErrors({ projectId, build, fixButton }: PartProps) {
  const errors = useBuild(build)?.type_errors ?? []
  return (
    <Group
      title={
        errors[0]?.file === null
          ? 'The types are not known'
          : `The types do not fit in ${build.type_error_count} ${build.type_error_count === 1 ? 'place' : 'places'}`
      }
      action={errors.length > 0 && fixButton(() => fixTypesMessage(errors))}
    >
      <ErrorList projectId={projectId} errors={errors} label="Errors of types" />
    </Group>
  )
}

function Group({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="flex flex-col gap-2">
      <header className="flex min-h-7 flex-wrap items-center gap-2">
        <h3 id={id} className="min-w-0 flex-1 font-medium">
          {title}
        </h3>
        {action}
      </header>
      {children}
    </section>
  )
}
