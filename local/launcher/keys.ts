import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StackKeys } from '../config.ts'
import { LaunchError } from './launch-error.ts'

const NAMES = ['publishable', 'secret', 'jwtSecret', 'databasePassword'] as const

/** Keys live as long as their data folder: its database and its sessions were made with them. */
export function loadOrCreateKeys(dataDir: string): StackKeys {
  const path = join(dataDir, 'keys.json')
  if (existsSync(path)) return readKeys(path)
  const keys: StackKeys = {
    publishable: `sb_publishable_${secret(24)}`,
    secret: `sb_secret_${secret(32)}`,
    jwtSecret: secret(48),
    databasePassword: secret(24),
  }
  writeFileSync(`${path}.new`, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${path}.new`, path)
  return keys
}

function readKeys(path: string): StackKeys {
  const damaged = new LaunchError(
    `${path} is damaged: put it back from a backup, or begin anew with "npm start -- --reset".`,
  )
  let keys: Partial<StackKeys>
  try {
    keys = JSON.parse(readFileSync(path, 'utf8')) as Partial<StackKeys>
  } catch {
    throw damaged
  }
  if (!NAMES.every((name) => typeof keys[name] === 'string' && keys[name])) throw damaged
  return keys as StackKeys
}

const secret = (bytes: number) => randomBytes(bytes).toString('base64url')
