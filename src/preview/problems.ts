import type { ProjectSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import type { Shown } from '../deployments/show-state.ts'
import { type Fault, faultsOf, type PreviewLog } from './preview-log.ts'

export type Problems = {
  failed: Shown['failed']
  faults: Fault[]
  /** Of the newest build that was checked. */
  typeErrors: number
  count: number
}

export function problemsOf(project: ProjectSnapshot, shown: Shown, log: PreviewLog): Problems {
  const { failed, deployment } = shown
  const faults = faultsOf(log, project.preview_errors, log.deployment ?? deployment?.id ?? null)
  const built = checkedBuild(project, shown)
  const typeErrors = built?.type_error_count ?? 0
  return { failed, faults, typeErrors, count: (failed?.error_count ?? 0) + faults.length + typeErrors }
}

/** The build whose types are told: that of what is shown. */
export const checkedBuild = (project: ProjectSnapshot, { deployment }: Shown) =>
  project.builds.find(({ id }) => id === deployment?.build_id) ?? null
