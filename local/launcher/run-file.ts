import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StackConfig } from '../config.ts'
import type { PartName } from '../part.ts'

/** What a running Baton tells `status` and `logs`; it is there while the launcher runs. */
export type RunFile = {
  launcher: number
  startedAt: string
  config: StackConfig
  pids: Partial<Record<PartName, number>>
}

const pathIn = (dataDir: string) => join(dataDir, 'run.json')

export function readRunFile(dataDir: string): RunFile | null {
  try {
    return JSON.parse(readFileSync(pathIn(dataDir), 'utf8')) as RunFile
  } catch {
    return null
  }
}

export function writeRunFile(dataDir: string, run: RunFile): void {
  const path = pathIn(dataDir)
  writeFileSync(`${path}.new`, JSON.stringify(run), { mode: 0o600 })
  renameSync(`${path}.new`, path)
}

export function removeRunFile(dataDir: string): void {
  rmSync(pathIn(dataDir), { force: true })
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
