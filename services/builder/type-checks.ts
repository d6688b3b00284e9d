/**
 * Types are checked beside a preview that is up already, one project after the other, the newest build of each alone. A
 * check takes ten times the work of the build, and the first a hundred times, so it begins when no build has ended for a
 * moment: the page that shows the change comes first. Turned down: a lower priority, with which a busy machine never
 * comes to it.
 */
import type { BuildError } from '../../supabase/functions/_shared/protocol.ts'
import type { BuilderLog } from './builder.ts'
import type { Builds } from './builds.ts'
import type { Answer, Task } from './worker/messages.ts'
import { createWorkerProcess, WorkerLost } from './worker-process.ts'

type Check = {
  project: string
  build: string
  token: number
  files(): ReadonlyMap<string, string> | undefined
}
const LIMITS = { seconds: 15, memoryMb: 1_536 }
/** After the last build; and after the first that waits, however many more there are. */
const QUIET_MS = 400
const PATIENCE_MS = 2_000

type Options = {
  builds: Pick<Builds, 'reportTypes'>
  log: BuilderLog
  idleMs: number
  limits?: typeof LIMITS
}

export function createTypeChecks({ builds, log, idleMs, limits = LIMITS }: Options) {
  const worker = createWorkerProcess(
    {
      mode: 'production',
      memoryMb: limits.memoryMb,
      idleMs: Math.min(idleMs, 60_000),
      mayRunTypeScript: true,
    },
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
    const answer = await ask({ kind: 'types', files: list })
    if (answer.kind === 'types') await builds.reportTypes(build, token, answer.errors)
    else if (answer.kind === 'broken') throw new Error(answer.message)
  }

  /** What it still knew of other projects may have been too much for a process, so a fresh one has to find the same. */
  const ask = async (task: Task, isFresh = false): Promise<Answer> => {
    try {
      return await worker.run(task, limits.seconds * 1_000)
    } catch (error) {
      if (stopped || !(error instanceof WorkerLost)) throw error
      if (error.reason !== 'timeout' && !isFresh) return ask(task, true)
      const tooMuch = tooMuchFor(limits)[error.reason]
      if (!tooMuch) throw error
      return { kind: 'types', errors: [notChecked(tooMuch)] }
    }
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

/** The fault of the project, whose people are told. That a process died is ours. */
const tooMuchFor = ({ seconds, memoryMb }: typeof LIMITS): Record<WorkerLost['reason'], string | null> => ({
  timeout: `${seconds} s of work`,
  memory: `${(memoryMb / 1_024).toFixed(1)} GB of memory`,
  died: null,
})

const notChecked = (tooMuch: string): BuildError => ({
  file: null,
  line: null,
  column: null,
  message: `The types were not checked: it took more than ${tooMuch}, so it was stopped. Look for a type that is made of very many others, or of itself.`,
  frame: null,
})
