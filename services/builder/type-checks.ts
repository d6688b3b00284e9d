/**
 * Types are checked beside a preview that is up already, one project after the other, the newest build of each alone. A
 * check takes ten times the work of the build, and the first a hundred times, so it begins when no build has ended for a
 * moment: the page that shows the change comes first. Turned down: a lower priority, with which a busy machine never
 * comes to it.
 */
import type { BuilderLog } from './builder.ts'
import type { Builds } from './builds.ts'
import { createWorkerProcess } from './worker-process.ts'

type Check = {
  project: string
  build: string
  token: number
  files(): ReadonlyMap<string, string> | undefined
}
const LONGEST_MS = 15_000
/** After the last build; and after the first that waits, however many more there are. */
const QUIET_MS = 400
const PATIENCE_MS = 2_000

export function createTypeChecks({
  builds,
  log,
  idleMs,
}: {
  builds: Builds
  log: BuilderLog
  idleMs: number
}) {
  const worker = createWorkerProcess(
    { mode: 'production', memoryMb: 1_536, idleMs: Math.min(idleMs, 60_000), mayRunTypeScript: true },
    () => {},
  )
  const waiting = new Map<string, Check>()
  let working = false
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let waitingSince = 0

  const plan = () => {
    clearTimeout(timer)
    timer = setTimeout(work, Math.min(QUIET_MS, waitingSince + PATIENCE_MS - performance.now()))
    timer.unref()
  }

  const work = async () => {
    if (working) return
    working = true
    for (const [project, check] of [...waiting]) {
      waiting.delete(project)
      if (stopped) break
      await perform(check).catch((error: unknown) => {
        if (!stopped) log.warn('types not checked', { build: check.build, error })
      })
    }
    working = false
    if (waiting.size > 0 && !stopped) plan()
  }

  const perform = async ({ build, token, files }: Check) => {
    const present = files()
    if (!present) return
    const list = [...present].map(([path, content]) => ({ path, content }))
    const answer = await worker.run({ kind: 'types', files: list }, LONGEST_MS)
    if (answer.kind === 'types') await builds.reportTypes(build, token, answer.errors)
    else if (answer.kind === 'broken') throw new Error(answer.message)
  }

  return {
    request(check: Check): void {
      if (waiting.size === 0) waitingSince = performance.now()
      waiting.set(check.project, check)
      plan()
    },
    stop(): void {
      stopped = true
      clearTimeout(timer)
      worker.stop()
    },
  }
}
