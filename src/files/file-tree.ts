/** The tree of files as rows: folders before files, each by name, and those in closed folders left out. */
export type TreeRow = {
  path: string
  name: string
  kind: 'folder' | 'file'
  /** 1 at the root. */
  level: number
  isOpen: boolean
  position: number
  siblings: number
}

type Folder = { path: string; folders: Map<string, Folder>; files: string[] }

export function treeRows(paths: Iterable<string>, closed: ReadonlySet<string>): TreeRow[] {
  const root = folder('')
  for (const path of new Set(paths)) add(root, path)
  return rowsOf(root, 1, closed)
}

const folder = (path: string): Folder => ({ path, folders: new Map(), files: [] })

function add(root: Folder, path: string): void {
  const names = path.split('/')
  let inside = root
  for (let depth = 1; depth < names.length; depth += 1) {
    const at = names.slice(0, depth).join('/')
    const next = inside.folders.get(at) ?? folder(at)
    inside.folders.set(at, next)
    inside = next
  }
  inside.files.push(path)
}

function rowsOf(inside: Folder, level: number, closed: ReadonlySet<string>): TreeRow[] {
  const folders = [...inside.folders.values()].toSorted((one, other) => byName(one.path, other.path))
  const files = inside.files.toSorted(byName)
  const siblings = folders.length + files.length
  const row = (path: string, kind: TreeRow['kind'], position: number): TreeRow => {
    const name = path.slice(path.lastIndexOf('/') + 1)
    return { path, name, kind, level, isOpen: kind === 'folder' && !closed.has(path), position, siblings }
  }
  return [
    ...folders.flatMap((one, index) => [
      row(one.path, 'folder', index + 1),
      ...(closed.has(one.path) ? [] : rowsOf(one, level + 1, closed)),
    ]),
    ...files.map((path, index) => row(path, 'file', folders.length + index + 1)),
  ]
}

const byName = (one: string, other: string) => one.localeCompare(other, 'en', { numeric: true })

export type TreeStep = { focus?: string; toggle?: string; open?: string }

/** What a key does to the row that has the focus, as trees everywhere do. */
export function stepInTree(rows: readonly TreeRow[], focused: string | null, key: string): TreeStep | null {
  const index = rows.findIndex(({ path }) => path === focused)
  const row = rows[index]
  const to = (next: TreeRow | undefined): TreeStep | null => (next ? { focus: next.path } : null)
  switch (key) {
    case 'ArrowDown':
      return to(rows[Math.min(index + 1, rows.length - 1)])
    case 'ArrowUp':
      return to(rows[Math.max(index - 1, 0)])
    case 'Home':
      return to(rows[0])
    case 'End':
      return to(rows.at(-1))
    case 'ArrowRight':
      if (row?.kind !== 'folder') return null
      return row.isOpen ? to(rows[index + 1]) : { toggle: row.path }
    case 'ArrowLeft':
      if (row?.kind === 'folder' && row.isOpen) return { toggle: row.path }
      return to(rows.findLast((one, at) => at < index && row !== undefined && one.level < row.level))
    case 'Enter':
    case ' ':
      if (!row) return null
      return row.kind === 'folder' ? { toggle: row.path } : { open: row.path }
    default:
      return key.length === 1 ? to(beginningWith(rows, index, key.toLowerCase())) : null
  }
}

function beginningWith(rows: readonly TreeRow[], after: number, letter: string): TreeRow | undefined {
  return [...rows.slice(after + 1), ...rows.slice(0, after + 1)].find(({ name }) =>
    name.toLowerCase().startsWith(letter),
  )
}
