/**
 * The projects that this builder has in memory: their texts, and what the last build made of them. Rows are the truth;
 * from here the database is only spared sending what has not changed. Those that were not built for a while go.
 */
import type { ManifestFile } from '../../supabase/functions/_shared/protocol.ts'

export type HeldProject = {
  version: number
  files: Map<string, string>
  /** What the worker process has; null: nothing, or nobody knows. */
  workerVersion: number | null
  /** Of the last output, by path. */
  outputs: Map<string, ManifestFile>
  usedAt: number
}

export function createMirror(options: { most: number; idleMs: number; onForget(project: string): void }) {
  const { most, idleMs, onForget } = options
  const projects = new Map<string, HeldProject>()
  const forget = (id: string) => {
    if (projects.delete(id)) onForget(id)
  }

  return {
    get size() {
      return projects.size
    },
    held: (): Record<string, number> =>
      Object.fromEntries([...projects].map(([id, { version }]) => [id, version])),
    get: (id: string): HeldProject | undefined => projects.get(id),
    use(id: string): HeldProject {
      const project = projects.get(id) ?? {
        version: -1,
        files: new Map(),
        workerVersion: null,
        outputs: new Map(),
        usedAt: 0,
      }
      projects.delete(id) // so that the order is that of use
      projects.set(id, project)
      project.usedAt = Date.now()
      const [oldest] = projects.keys()
      if (projects.size > most && oldest !== undefined) forget(oldest)
      return project
    },
    forget,
    forgetIdle(): void {
      for (const [id, { usedAt }] of projects) if (Date.now() - usedAt > idleMs) forget(id)
    },
    /** The worker process is another one now. */
    workerEnded(): void {
      for (const project of projects.values()) project.workerVersion = null
    },
  }
}
export type Mirror = ReturnType<typeof createMirror>
