import type { FinishedCall } from '../_shared/protocol.ts'
import type { Rows } from './rows.ts'
import type { Workspace } from './tools/tool.ts'

export type RunWorkspace = Workspace & { changed(changes: FinishedCall['files']): void }

/** The project's files, for the tools of one run. */
export function createWorkspace(rows: Rows, known: { path: string; version: number }[]): RunWorkspace {
  const seen = new Map(known.map(({ path, version }) => [path, version]))
  return {
    list: async () => (await rows.readTree()).files,
    read: async (path) => (await rows.readContents([path]))[0] ?? null,
    readAll: () => rows.readContents(null),
    versionSeen: (path) => seen.get(path),
    saw: (path, version) => void seen.set(path, version),
    changed(changes) {
      for (const { op, path, from_path, version } of changes) {
        if (from_path) seen.delete(from_path)
        if (op === 'delete') seen.delete(path)
        else seen.set(path, version)
      }
    },
  }
}
