/** Replaces the processes of those functions whose files change. What is shared concerns all of them. */
import { type FSWatcher, watch } from 'node:fs'
import { basename, dirname, sep } from 'node:path'
import type { Log } from '../log.ts'
import type { Registry } from './registry.ts'

/** An editor writes a file in several steps. */
const QUIET_MS = 60

export function watchFunctions(functionsDir: string, registry: Registry, log: Log): { close(): void } {
  let changed = new Set<string>()
  let timer: NodeJS.Timeout | undefined

  const refresh = async () => {
    const names = changed
    changed = new Set()
    log.info('functions changed, reloading', { changed: [...names] })
    const concernsAll = [...names].some((name) => !registry.get(name))
    try {
      await registry.refresh((name) => concernsAll || names.has(name))
    } catch (error) {
      log.error('functions could not be reloaded', { error })
    }
  }

  const onChange = (name: string) => {
    changed.add(name)
    clearTimeout(timer)
    timer = setTimeout(() => void refresh(), QUIET_MS)
  }

  const watchers: FSWatcher[] = [
    watch(functionsDir, { recursive: true }, (_, path) => path && onChange(path.split(sep)[0]!)),
    watch(dirname(functionsDir), (_, path) => path === 'config.toml' && onChange(basename(path))),
  ]
  for (const watcher of watchers) watcher.on('error', (error) => log.warn('watching failed', { error }))
  return {
    close() {
      clearTimeout(timer)
      for (const watcher of watchers) watcher.close()
    },
  }
}
