/**
 * What this process may not read looks as if it were not there, since packages look around when they are loaded, and do
 * not live with being refused.
 */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const { existsSync, statSync } = fs

Object.assign(fs, {
  existsSync(path: fs.PathLike): boolean {
    try {
      return existsSync(path)
    } catch {
      return false
    }
  },
  statSync(path: fs.PathLike, options?: fs.StatSyncOptions) {
    try {
      return statSync(path, options)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_ACCESS_DENIED') throw error
      if (options?.throwIfNoEntry === false) return undefined
      throw Object.assign(new Error(`ENOENT: no such file or directory, stat '${String(path)}'`), {
        code: 'ENOENT',
      })
    }
  },
})

syncBuiltinESMExports()
