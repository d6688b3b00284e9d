/** Where publishing is, from the build that was asked for: the dialog shows this and nothing of its own. */
import type { Build, Deployment, ProjectSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { isUnderWay, shownOf } from './show-state.ts'

export type PublishStep =
  | { step: 'under way'; build: Build }
  | { step: 'published'; deployment: Deployment }
  | { step: 'failed'; build: Build }
  /** Somebody else's word came later. */
  | { step: 'overtaken'; build: Build }
  /** What was asked for is not in the snapshot yet. */
  | { step: 'asked' }

export function publishStepOf(project: ProjectSnapshot, buildId: string): PublishStep {
  const build = project.builds.find(({ id }) => id === buildId)
  if (!build) return { step: 'asked' }
  if (isUnderWay(build)) return { step: 'under way', build }
  const { deployment } = shownOf(project, 'production')
  if (build.state === 'succeeded') {
    return deployment && deployment.id === build.deployment_id
      ? { step: 'published', deployment }
      : { step: 'overtaken', build }
  }
  return build.state === 'failed' ? { step: 'failed', build } : { step: 'overtaken', build }
}
