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
    const drawn = placeDrawn(one.message)
    const path = pathIn(one.loc?.file ?? one.id ?? drawn?.id)
    const source = path === undefined ? undefined : files.get(path)
    return source === undefined ? [] : [faultAt(path!, source, one.loc ?? drawn, sentenceIn(one.message))]
  })
  return faults.length > 0 ? new ProjectFault(faults) : thrown
}

const pathIn = (id: string | undefined) => {
  const at = id?.indexOf(`${ROOT}/`.slice(1)) ?? -1
  return id === undefined || at < 0 ? undefined : id.slice(at + ROOT.length).split('?')[0]!
}

/** Some errors have their place in a drawing alone: ╭─[ file:line:column ] */
function placeDrawn(message: string) {
  const found = /\[ ?([^\s[\]]+):(\d+):(\d+) ?\]/.exec(plain(message))
  return found ? { id: found[1]!, line: Number(found[2]), column: Number(found[3]) - 1 } : null
}

function sentenceIn(message: string): string {
  const lines = plain(message)
    .split('\n')
    .map((line) => line.replace(/^\[[\w:-]+\]\s*/, '').trim())
  return lines.find((line) => line !== '' && !line.startsWith('Build failed')) ?? plain(message)
}
