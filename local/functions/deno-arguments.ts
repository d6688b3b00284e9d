import { join } from 'node:path'
import { rootDir } from '../../scripts/root.ts'
import type { FunctionSettings } from './settings.ts'

export type WorkerPaths = { rootDir: string; functionsDir: string; nodeModulesDir: string; dataDir: string }

const HOSTED_MEMORY_MB = 256

/**
 * The rights of a hosted function: the network, its own code, /tmp; the denials count where those lie in /tmp
 * themselves. The environment is allowed as a whole because the
 * process is given no more of it than the function may see.
 */
export function denoArguments(settings: FunctionSettings, paths: WorkerPaths): string[] {
  return [
    'run',
    '--quiet',
    '--no-prompt',
    '--no-lock',
    '--no-remote',
    '--node-modules-dir=manual',
    '--unstable-no-legacy-abort',
    `--v8-flags=--max-old-space-size=${HOSTED_MEMORY_MB}`,
    ...(settings.denoConfig ? [`--config=${settings.denoConfig}`] : ['--no-config']),
    ...(settings.importMap ? [`--import-map=${settings.importMap}`] : []),
    '--allow-net',
    '--allow-env',
    '--allow-sys=hostname,osRelease,networkInterfaces',
    `--allow-read=${[paths.functionsDir, paths.nodeModulesDir, '/tmp'].map(escapeComma).join(',')}`,
    '--allow-write=/tmp',
    `--deny-read=${escapeComma(paths.dataDir)}`,
    `--deny-write=${[paths.rootDir, paths.dataDir].map(escapeComma).join(',')}`,
    join(rootDir, 'local/functions/worker.deno.ts'),
  ]
}

/** A comma separates paths; two are one that belongs to the path. */
function escapeComma(path: string): string {
  return path.replaceAll(',', ',,')
}
