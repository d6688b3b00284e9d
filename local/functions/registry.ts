/** The functions that exist, each with its settings. A change on disk is a new look at all of it. */
import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import type { StackConfig } from '../config.ts'
import type { Fields, Log } from '../log.ts'
import { createEdgeFunction, type EdgeFunction } from './edge-function.ts'
import { functionEnvironment } from './environment.ts'
import { type FunctionSettings, readFunctionSettings } from './settings.ts'
import { bootWorker, type WorkerPlan } from './worker.ts'

type Registered = { settings: FunctionSettings; run: EdgeFunction }

export type Registry = {
  get(name: string): Registered | undefined
  /** Name and process id of each function; no id for one that does not run at the moment. */
  list(): { name: string; pid: number | undefined }[]
  /** Boots what was not asked for yet, one after the other, so that the first request finds it warm. */
  warmUp(): Promise<void>
  /** Reads settings, secrets and folders again, then replaces the processes of the functions that `isAffected`. */
  refresh(isAffected: (name: string) => boolean): Promise<void>
  stop(patienceMs: number): Promise<void>
}

type RegistryOptions = { config: StackConfig; functionsDir: string; log: Log; pulseTimeoutMs: number }

export function createRegistry({ config, functionsDir, log, pulseTimeoutMs }: RegistryOptions): Registry {
  const registered = new Map<string, Registered>()
  const paths = {
    rootDir: realpathSync(config.rootDir),
    functionsDir: realpathSync(functionsDir),
    nodeModulesDir: realpathSync(join(config.rootDir, 'node_modules')),
    dataDir: config.dataDir,
  }
  let environment: Record<string, string> = {}

  const register = (settings: FunctionSettings): Registered => {
    const own = withFields(log, { function: settings.name })
    const plan = (): WorkerPlan => ({ settings: entry.settings, environment, paths, pulseTimeoutMs })
    const entry: Registered = { settings, run: createEdgeFunction(() => bootWorker(plan(), own), own) }
    registered.set(settings.name, entry)
    return entry
  }

  const look = () => {
    environment = functionEnvironment(config, paths.functionsDir)
    return readFunctionSettings(paths.functionsDir)
  }

  for (const settings of look()) register(settings)

  return {
    get: (name) => registered.get(name),
    list: () => [...registered].map(([name, { run }]) => ({ name, pid: run.pid })),
    async warmUp() {
      for (const { run } of registered.values()) {
        await run.acquire().then(
          ({ release }) => release(),
          () => undefined, // logged where it failed
        )
      }
    },
    async refresh(isAffected) {
      const found = look()
      const names = new Set(found.map(({ name }) => name))
      const gone = [...registered].filter(([name]) => !names.has(name))
      for (const [name] of gone) registered.delete(name)
      const reloads = found.map((settings) => {
        const known = registered.get(settings.name)
        if (!known) return register(settings).run.reload()
        known.settings = settings
        return isAffected(settings.name) ? known.run.reload() : undefined
      })
      await Promise.all([...reloads, ...gone.map(([, { run }]) => run.stop(10_000))])
    },
    async stop(patienceMs) {
      await Promise.all([...registered.values()].map(({ run }) => run.stop(patienceMs)))
    },
  }
}

function withFields(log: Log, shared: Fields): Log {
  return {
    debug: (message, fields) => log.debug(message, { ...shared, ...fields }),
    info: (message, fields) => log.info(message, { ...shared, ...fields }),
    warn: (message, fields) => log.warn(message, { ...shared, ...fields }),
    error: (message, fields) => log.error(message, { ...shared, ...fields }),
  }
}
