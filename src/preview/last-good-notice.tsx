import type { Build, Deployment, ProjectSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { isLiving } from '../projects/project-changes.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { FileLink } from './file-link.tsx'
import { FixBuildButton } from './fix-build-button.tsx'

type LastGoodProps = { project: ProjectSnapshot; failed: Build; deployment: Deployment; onShow(): void }

/** Says that what is on screen is not the newest, why, and what happens about it. */
export function LastGoodNotice({ project, failed, deployment, onShow }: LastGoodProps) {
  const [error] = failed.errors
  const isAtWork = project.runs.some((run) => isLiving(run) && run.chat_id === failed.chat_id)
  return (
    <Callout
      tone="bad"
      className="rounded-none border-b border-line"
      action={
        <span className="flex flex-wrap justify-end gap-2">
          <Button onClick={onShow}>Show</Button>
          {!isAtWork && <FixBuildButton project={project} build={failed} />}
        </span>
      }
    >
      <p>
        This is version {deployment.version}, the last one that worked: version {failed.version} does not
        build.
        {isAtWork && ' The agent is at it.'}
      </p>
      {error && (
        <p className="line-clamp-2">
          {error.file && (
            <>
              <FileLink
                projectId={project.project.id}
                path={error.file}
                line={error.line}
                column={error.column === null ? null : error.column + 1}
              />{' '}
            </>
          )}
          {error.message}
        </p>
      )}
    </Callout>
  )
}
