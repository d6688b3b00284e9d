/** All files at one moment: by path, the hash of their content and its size. */
export type Tree = Record<string, { hash: string; size: number }>

export type FileDifference = {
  path: string
  kind: 'added' | 'removed' | 'changed' | 'moved'
  /** Where it was before, if that is another path. */
  fromPath: string | null
  before: string | null
  after: string | null
}

/** What differs between two moments, by path. A file that went and one that came with the same content is one that moved. */
export function diffTrees(before: Tree, after: Tree): FileDifference[] {
  const removed = Object.keys(before).filter((path) => !(path in after))
  const found: FileDifference[] = []
  for (const [path, { hash }] of Object.entries(after)) {
    const was = before[path]
    if (was?.hash === hash) continue
    if (was) {
      found.push({ path, kind: 'changed', fromPath: null, before: was.hash, after: hash })
      continue
    }
    const from = removed.findIndex((one) => before[one]?.hash === hash)
    const fromPath = from < 0 ? null : (removed.splice(from, 1)[0] ?? null)
    found.push({ path, kind: fromPath ? 'moved' : 'added', fromPath, before: fromPath && hash, after: hash })
  }
  for (const path of removed) {
    found.push({ path, kind: 'removed', fromPath: null, before: before[path]?.hash ?? null, after: null })
  }
  return found.sort((one, other) => one.path.localeCompare(other.path, 'en', { numeric: true }))
}

export function treeOf(files: readonly { path: string; hash: string; size: number }[]): Tree {
  return Object.fromEntries(files.map(({ path, hash, size }) => [path, { hash, size }]))
}
