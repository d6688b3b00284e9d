/** What `supabase/config.toml` says about each function, with the defaults of hosted Supabase. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parse } from 'smol-toml'

export type FunctionSettings = {
  name: string
  entrypoint: string
  verifyJwt: boolean
  /** The nearest of `deno.json` and `deno.jsonc`. */
  denoConfig: string | null
  importMap: string | null
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]*$/

export function readFunctionSettings(functionsDir: string): FunctionSettings[] {
  const supabaseDir = dirname(functionsDir)
  const declared = readConfig(join(supabaseDir, 'config.toml'))
  return readdirSync(functionsDir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && NAME.test(entry.name))
    .filter(({ name }) => declared[name]?.enabled !== false)
    .map(({ name }) => settingsOf(functionsDir, name, declared[name] ?? {}))
    .filter(({ entrypoint }) => existsSync(entrypoint))
}

type Declared = { enabled?: boolean; verify_jwt?: boolean; entrypoint?: string; import_map?: string }

function readConfig(path: string): Record<string, Declared> {
  if (!existsSync(path)) return {}
  try {
    return (parse(readFileSync(path, 'utf8')).functions ?? {}) as Record<string, Declared>
  } catch (cause) {
    throw new Error(`${path} cannot be read: ${(cause as Error).message}`, { cause })
  }
}

function settingsOf(functionsDir: string, name: string, declared: Declared): FunctionSettings {
  const supabaseDir = dirname(functionsDir)
  const configs = ['deno.json', 'deno.jsonc'].map((file) => join(functionsDir, name, file))
  return {
    name,
    entrypoint: declared.entrypoint
      ? resolve(supabaseDir, declared.entrypoint)
      : join(functionsDir, name, 'index.ts'),
    verifyJwt: declared.verify_jwt ?? true,
    denoConfig: configs.find((path) => existsSync(path)) ?? null,
    importMap: declared.import_map ? resolve(supabaseDir, declared.import_map) : null,
  }
}
