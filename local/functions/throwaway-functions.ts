/** A project folder with functions that only a test knows, served for real. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { StackConfig } from '../config.ts'
import { createLog, type Fields } from '../log.ts'
import { type FunctionsOptions, startFunctions } from './start.ts'

const projectDir = fileURLToPath(new URL('../..', import.meta.url))

export const JWT_SECRET = 'a-secret-of-at-least-thirty-two-characters'

type Project = {
  config: StackConfig
  /** Writes a file below `supabase/`. */
  write(path: string, text: string): void
  [Symbol.asyncDispose](): Promise<void>
}

export type Served = Omit<Project, 'config'> & {
  fetch(path: string, init?: RequestInit): Promise<Response>
  /** Resolves with the first line, already written or to come, that has these fields. */
  logged(fields: Fields): Promise<Fields>
}

type Options = { mode?: StackConfig['mode'] } & Pick<FunctionsOptions, 'responseTimeoutMs' | 'pulseTimeoutMs'>

/** `files` are below `supabase/`, such as `functions/hello/index.ts`. */
export async function serveFunctions(files: Record<string, string>, options: Options = {}): Promise<Served> {
  const { mode = 'start', ...rest } = options
  const { config, write, [Symbol.asyncDispose]: remove } = createProject(files)
  const { log, logged } = watchedLog()
  const starting = startFunctions({ config: { ...config, mode }, log, ...rest })
  const running = await starting.catch(async (error: unknown) => {
    await remove()
    throw error
  })
  return {
    fetch: (path, init) => fetch(`http://127.0.0.1:${running.port}${path}`, init),
    write,
    logged,
    async [Symbol.asyncDispose]() {
      await running.stop()
      await remove()
    },
  }
}

export function createProject(files: Record<string, string>): Project {
  const rootDir = realpathSync(mkdtempSync(join(tmpdir(), 'baton-functions-')))
  const dataDir = mkdtempSync(join(tmpdir(), 'baton-data-'))
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(rootDir, 'supabase', path)), { recursive: true })
    writeFileSync(join(rootDir, 'supabase', path), text)
  }
  symlinkSync(join(projectDir, 'node_modules'), join(rootDir, 'node_modules'))
  writeFileSync(join(rootDir, 'package.json'), '{"version":"1.2.3"}')
  mkdirSync(join(rootDir, 'supabase/functions'), { recursive: true })
  for (const [path, text] of Object.entries(files)) write(path, text)
  return {
    config: stackConfig(rootDir, dataDir),
    write,
    async [Symbol.asyncDispose]() {
      for (const dir of [rootDir, dataDir]) rmSync(dir, { recursive: true })
    },
  }
}

function stackConfig(rootDir: string, dataDir: string): StackConfig {
  return {
    rootDir,
    dataDir,
    mode: 'start',
    ports: { api: 54321, app: 54322, preview: 54323, database: 54324, model: 54325 },
    internal: { realtime: 0, functions: 0, smtp: 54326, builder: 0 },
    keys: {
      publishable: 'sb_publishable_test',
      secret: 'sb_secret_test',
      jwtSecret: JWT_SECRET,
      databasePassword: 'password',
    },
    externalDatabaseUrl: null,
    agentSettings: {},
    model: { kind: 'rehearsal', baseUrl: 'http://127.0.0.1:54325', apiKey: '' },
  }
}

function watchedLog() {
  const lines: Fields[] = []
  const waiting = new Set<() => void>()
  const log = createLog('functions', (line) => {
    lines.push(JSON.parse(line))
    for (const look of waiting) look()
  })
  const logged = (fields: Fields) =>
    new Promise<Fields>((settle) => {
      const look = () => {
        const line = lines.find((line) =>
          Object.entries(fields).every(([name, value]) => line[name] === value),
        )
        if (!line) return
        waiting.delete(look)
        settle(line)
      }
      waiting.add(look)
      look()
    })
  return { log, logged }
}
