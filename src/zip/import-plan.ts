import type { Tree } from '../files/tree-diff.ts'
import type { ZipFile } from './read-zip.ts'

export type ImportPlan = {
  added: string[]
  changed: string[]
  same: string[]
  /** What the project has and the zip has not: it stays. */
  kept: number
}

/** What a zip would change in the files that are there. */
export async function planImport(now: Tree, files: readonly ZipFile[]): Promise<ImportPlan> {
  const plan: ImportPlan = { added: [], changed: [], same: [], kept: 0 }
  const hashes = await Promise.all(files.map(({ content }) => hashOf(content)))
  for (const [index, { path }] of files.entries()) {
    const was = now[path]
    if (!was) plan.added.push(path)
    else (was.hash === hashes[index] ? plan.same : plan.changed).push(path)
  }
  plan.kept = Object.keys(now).length - plan.changed.length - plan.same.length
  return plan
}

async function hashOf(content: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(content))
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
