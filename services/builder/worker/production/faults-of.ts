import type { BuildError } from '../../../../supabase/functions/_shared/protocol.ts'
import { faultAt, ProjectFault, plain } from '../faults.ts'
import { ROOT } from './project-plugin.ts'

type BundlerError = Error & {
  id?: string
  loc?: { file?: string; line: number; column: number }
  errors?: BundlerError[]
}

/** Ours say more than what the bundler makes of them. */
export function faultsOf(
  thrown: unknown,
  ours: BuildError[],
  files: ReadonlyMap<string, string>,
): ProjectFault | unknown {
  if (thrown instanceof ProjectFault) return thrown
  if (ours.length > 0) return new ProjectFault(ours)
  const error = thrown as BundlerError
  const all = error.errors?.length ? error.errors : [error]
  const faults = all.flatMap((one) => {
    const id = one.loc?.file ?? one.id
    const path = id?.startsWith(`${ROOT}/`) ? id.slice(ROOT.length + 1).split('?')[0]! : id
    const source = path === undefined ? undefined : files.get(path)
    return source === undefined ? [] : [faultAt(path!, source, one.loc ?? null, firstLine(one.message))]
  })
  return faults.length > 0 ? new ProjectFault(faults) : thrown
}

const firstLine = (message: string) =>
  (plain(message).split('\n')[0] ?? '').replace(/^\[[\w:-]+\]\s*/, '') || plain(message)
