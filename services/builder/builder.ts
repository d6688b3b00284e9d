/**
 * Claims builds, has them compiled by its workers, and finishes them.
 *
 * Rows are the only state. Any number of builders share the work; each may be killed at any instant: a build under way is
 * then taken over when its lease ends, and nothing of it is seen before `finish_build` commits, which makes the deployment
 * and turns the host to it at once. A NOTIFY says that there may be work; looking every second is what holds when one is
 * lost. While a build runs its lease is extended; when that is refused, the build is somebody else's, and dropped.
 *
 * The order within a build: blobs (rows or Storage) before the manifest that names them; the shared packages before the
 * first of those that refer to them. Turned down: a build for each event in memory, without rows, which is quicker by two
 * milliseconds and loses work with the process.
 */
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import type { ClaimedBuild } from '../../supabase/functions/_shared/protocol.ts'
import { openBlobFiles } from './blob-files.ts'
import { type BuildKind, LeaseLost, openBuilds } from './builds.ts'
import { serveHealth } from './health.ts'
import { startJanitor } from './janitor.ts'
import { createMirror } from './mirror.ts'
import { buildPreview, type Outcome, type Tools } from './preview-build.ts'
import { buildProduction } from './production-build.ts'
import { openStorage } from './storage.ts'
import { createTypeChecks } from './type-checks.ts'
import { openVendorStore } from './vendor-store.ts'
import type { Answer, Task } from './worker/messages.ts'
import { createWorkerProcess, WorkerLost } from './worker-process.ts'

type Fields = Record<string, unknown>
export type BuilderLog = Record<'info' | 'warn' | 'error', (message: string, fields?: Fields) => void>

export type BuilderOptions = {
  databaseUrl: string
  apiUrl: string
  secretKey: string
  /** For what can be made again: the bundled packages. */
  cacheFolder: string
  /** Shared with a preview host on this machine, or null. */
  blobFolder: string | null
  log: BuilderLog
  leaseSeconds?: number
  previewTimeoutMs?: number
  productionTimeoutMs?: number
  idleMs?: number
  /** Where `GET /health` is answered; left out: nowhere. */
  healthPort?: number
}
export type Builder = { stop(): Promise<void>; ready: Promise<void> }

/** Loads the compilers, so that nobody's first build waits for them. */
const WARM_UP = {
  kind: 'preview' as const,
  project: 'warm-up',
  base: null,
  version: 0,
  removed: [],
  variables: {},
  files: [
    { path: 'index.html', content: '<script type="module" src="/main.tsx"></script>' },
    {
      path: 'main.tsx',
      content: 'import \'./main.css\'\nexport const Main = () => <p className="flex" />\n',
    },
    { path: 'main.css', content: '@import "tailwindcss";\n' },
  ],
}
const AT_ONCE: Record<BuildKind, number> = { preview: 4, production: 1 }
const LOOK_EVERY_MS = 1_000

export async function startBuilder(options: BuilderOptions): Promise<Builder> {
  const {
    log,
    leaseSeconds = 4,
    previewTimeoutMs = 15_000,
    productionTimeoutMs = 60_000,
    idleMs = 300_000,
  } = options
  const name = `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`
  const sql = postgres(options.databaseUrl, {
    max: 6,
    backoff: (attempt) => Math.min(2, 0.1 * 2 ** attempt),
    connect_timeout: 5,
    onnotice: () => {},
    connection: { application_name: 'baton builder' },
  })
  const builds = openBuilds(sql, leaseSeconds)
  const storage = openStorage(options.apiUrl, options.secretKey)
  const blobFiles = openBlobFiles(options.blobFolder, (error) =>
    log.warn('blobs are not kept on the disk', { folder: options.blobFolder, error }),
  )
  const stopping = new AbortController()

  const previews = createWorkerProcess({ mode: 'development', memoryMb: 1_024, idleMs }, () =>
    mirror.workerEnded(),
  )
  const productions = createWorkerProcess({ mode: 'production', memoryMb: 1_536, idleMs }, () => {})
  const mirror = createMirror({
    most: 60,
    idleMs,
    onForget: (project) => {
      if (previews.pid !== undefined)
        void previews.run({ kind: 'forget', project }, previewTimeoutMs).catch(() => {})
    },
  })
  const vendors = openVendorStore({
    folder: join(options.cacheFolder, 'vendor'),
    bundle: bundleOnce,
    blobFiles,
    storage,
  })
  const types = createTypeChecks({ builds, log, idleMs })
  const tools: Tools = {
    builds,
    mirror,
    storage,
    blobFiles,
    vendors: { read: vendors.read, uploaded: () => vendors.uploaded(stopping.signal) },
    runPreview: (task: Task): Promise<Answer> => previews.run(task, previewTimeoutMs),
    runProduction: (task: Task): Promise<Answer> => productions.run(task, productionTimeoutMs),
  }
  const underWay: Record<BuildKind, Set<Promise<void>>> = { preview: new Set(), production: new Set() }
  let looking = false
  let lookAgain = false
  let fault: string | undefined

  const look = async (): Promise<void> => {
    if (looking) {
      lookAgain = true
      return
    }
    looking = true
    try {
      do lookAgain = false
      while (!stopping.signal.aborted && ((await claimOne()) || lookAgain))
      fault = undefined
    } catch (error) {
      if (String(error) !== fault) log.error('cannot look for builds', { error })
      fault = String(error)
    } finally {
      looking = false
    }
  }

  const claimOne = async (): Promise<boolean> => {
    const kinds = (['preview', 'production'] as const).filter((kind) => underWay[kind].size < AT_ONCE[kind])
    if (kinds.length === 0) return false
    const claimed = await builds.claim(name, mirror.held(), kinds)
    if (!claimed) return false
    const work = handle(claimed).finally(() => {
      underWay[claimed.build.kind].delete(work)
      void look()
    })
    underWay[claimed.build.kind].add(work)
    return true
  }

  const handle = async (claimed: ClaimedBuild): Promise<void> => {
    const { build, token, project } = claimed
    const began = performance.now()
    const lost = new AbortController()
    const extend = setInterval(
      () => {
        builds
          .extend(build.id, token)
          .catch((error: unknown) => error instanceof LeaseLost && lost.abort(error))
      },
      (leaseSeconds * 1_000) / 3,
    )
    const signal = AbortSignal.any([lost.signal, stopping.signal])
    try {
      const run = build.kind === 'preview' ? buildPreview : buildProduction
      const outcome = await run(claimed, tools, signal, began)
      if (outcome.kind === 'failed') await fail(claimed, outcome, began)
      log.info('build ended', {
        build: build.id,
        project: project.id,
        kind: build.kind,
        outcome: outcome.kind,
        ms: Math.round(performance.now() - began),
      })
      if (outcome.kind === 'finished' && build.kind === 'preview') {
        types.request({
          project: project.id,
          build: build.id,
          token,
          files: () => mirror.get(project.id)?.files,
        })
        janitor.hurry()
      }
    } catch (error) {
      await giveUp(claimed, error, began)
    } finally {
      clearInterval(extend)
    }
  }

  const fail = (
    { build, token }: ClaimedBuild,
    { errors, reason }: Extract<Outcome, { kind: 'failed' }>,
    began: number,
  ) => {
    const duration = Math.round(performance.now() - began)
    const text = `Failed with ${errors.length} ${errors.length === 1 ? 'error' : 'errors'} after ${duration} ms.`
    return builds.fail(build.id, token, {
      errors,
      reason,
      stats: { duration_ms: duration },
      log: [{ at_ms: duration, level: 'error', text }],
    })
  }

  /** A build that stopped its worker would stop the next one too; anything else is ours, and a person may try again. */
  const giveUp = async (claimed: ClaimedBuild, error: unknown, began: number): Promise<void> => {
    const { build, token, project } = claimed
    if (error instanceof LeaseLost || stopping.signal.aborted) {
      log.info('build dropped', { build: build.id, error })
      return
    }
    log.error('build could not be done', { build: build.id, project: project.id, error })
    mirror.forget(project.id)
    const isTheirs = error instanceof WorkerLost && error.reason !== 'died'
    const duration = Math.round(performance.now() - began)
    const message = isTheirs
      ? error.message
      : 'The builder could not do this build; it was not the fault of the project.'
    const errors = [{ file: null, line: null, column: null, message, frame: null }]
    const text = isTheirs ? message : `${message} ${String(error)}`
    await builds
      .fail(build.id, token, {
        errors,
        reason: isTheirs ? (error.reason === 'timeout' ? 'timeout' : 'too_large') : 'internal',
        stats: { duration_ms: duration },
        log: [{ at_ms: duration, level: 'error', text: text.slice(0, 2_000) }],
      })
      .catch((failure: unknown) =>
        log.warn('build not given up; its lease will end', { build: build.id, error: failure }),
      )
  }

  const janitor = startJanitor({ builds, storage, log })
  const listening = sql.listen(
    'builds',
    () => void look(),
    () => void look(),
  )
  const timer = setInterval(() => {
    mirror.forgetIdle()
    void look()
  }, LOOK_EVERY_MS)
  const ready = warmUp().catch((error: unknown) => log.warn('not warmed up', { error }))
  await listening

  /** What the first build would wait for. */
  async function warmUp(): Promise<void> {
    const vendor = await vendors.read()
    await previews.run({ ...WARM_UP, vendor }, previewTimeoutMs)
    await previews.run({ kind: 'forget', project: WARM_UP.project }, previewTimeoutMs)
    await vendors.uploaded(stopping.signal)
  }

  const health = await serveHealth(options.healthPort, () => ({
    fault: fault ?? null,
    projects: mirror.size,
    building: underWay.preview.size + underWay.production.size,
    workers: [previews.pid, productions.pid].filter((pid) => pid !== undefined),
  }))

  return {
    ready,
    async stop() {
      health.close()
      stopping.abort(new Error('The builder is stopping.'))
      clearInterval(timer)
      for (const process of [previews, productions]) process.stop()
      types.stop()
      await janitor.stop()
      await Promise.allSettled([...underWay.preview, ...underWay.production])
      await sql.end({ timeout: 1 })
    },
  }
}

/** In a process of its own, since what it takes in memory is not given back before it ends. */
async function bundleOnce() {
  const worker = createWorkerProcess({ mode: 'development', memoryMb: 3_000, idleMs: 60_000 }, () => {})
  try {
    const answer = await worker.run({ kind: 'vendor' }, 120_000)
    if (answer.kind === 'vendor') return answer
    throw new Error(answer.kind === 'broken' ? answer.message : 'The packages could not be bundled.')
  } finally {
    worker.stop()
  }
}
