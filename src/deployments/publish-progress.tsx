import { CircleCheck, ExternalLink } from 'lucide-react'
import type { ProjectSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { config } from '../config.ts'
import { goInWorkbench } from '../files/place.ts'
import { ErrorList } from '../preview/error-list.tsx'
import { FixBuildButton } from '../preview/fix-build-button.tsx'
import { Button, buttonClass } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { CopyField } from '../ui/copy-field.tsx'
import { DialogActions } from '../ui/dialog.tsx'
import { durationText } from '../ui/duration.ts'
import { Spinner } from '../ui/spinner.tsx'
import { reasonOf } from './format.ts'
import { publishStepOf } from './publish-step.ts'
import { addressOf, shownOf } from './show-state.ts'

type ProgressProps = { project: ProjectSnapshot; buildId: string; onAgain(): void; onClose(): void }

/** Goes on whether it is looked at or not. */
export function PublishProgress({ project, buildId, onAgain, onClose }: ProgressProps) {
  const step = publishStepOf(project, buildId)
  const host = shownOf(project, 'production').host
  const address = host ? addressOf(host, config.previewUrl) : ''
  switch (step.step) {
    case 'asked':
    case 'under way':
      return (
        <p role="status" className="flex items-center gap-2 py-6 text-muted">
          <Spinner className="text-live-text" />
          {step.step === 'under way' && step.build.state === 'running'
            ? `Version ${step.build.version} is being built`
            : 'It waits to be built'}
        </p>
      )
    case 'published':
      return (
        <>
          <p role="status" className="flex items-center gap-2">
            <CircleCheck className="size-4 text-live-text" aria-hidden />
            Version {step.deployment.version} is published. It took{' '}
            {durationText(step.deployment.duration_ms)}.
          </p>
          <CopyField label="Address" value={address} />
          <DialogActions>
            <Button onClick={onClose}>Close</Button>
            <a
              href={address}
              target="_blank"
              rel="noreferrer"
              className={buttonClass('primary')}
              data-autofocus
            >
              <ExternalLink className="size-4" aria-hidden />
              Open it
            </a>
          </DialogActions>
        </>
      )
    case 'failed':
      return (
        <>
          <Callout tone="bad">
            It was not published: {(reasonOf(step.build) ?? 'the build failed').toLowerCase()}. The world
            still sees what it saw before.
          </Callout>
          <ErrorList projectId={project.project.id} errors={step.build.errors} label="Errors of the build" />
          <DialogActions>
            <Button
              onClick={() => {
                goInWorkbench(project.project.id, { tab: 'deployments', buildId })
                onClose()
              }}
            >
              See the log
            </Button>
            <FixBuildButton project={project} build={step.build} />
            <Button look="primary" onClick={onAgain}>
              Publish something else
            </Button>
          </DialogActions>
        </>
      )
    case 'overtaken':
      return (
        <>
          <Callout tone="need">
            This did not go out{reasonOf(step.build) ? `: ${reasonOf(step.build)?.toLowerCase()}` : ''}.
            Somebody has decided otherwise meanwhile.
          </Callout>
          <DialogActions>
            <Button look="primary" onClick={onAgain}>
              Look again
            </Button>
          </DialogActions>
        </>
      )
  }
}
