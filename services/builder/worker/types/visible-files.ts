/** All that TypeScript may see: it is asked for everything, so that no path of a project leads to a file of the host. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import type { FileSystem } from 'typescript/unstable/fs'

/** There is no such folder. */
export const HOME = '/baton-app'
const PACKAGES = dirname(dirname(createRequire(import.meta.url).resolve('rolldown/package.json')))

type Visible = Required<
  Pick<FileSystem, 'readFile' | 'fileExists' | 'directoryExists' | 'getAccessibleEntries' | 'realpath'>
>
type Folders = Map<string, { files: Set<string>; directories: Set<string> }>

export function visibleFiles() {
  let files: ReadonlyMap<string, string> = new Map()
  let folders: Folders = new Map()
  const fs: Visible = {
    readFile: (path) => inProject(path, files) ?? readPackaged(path),
    fileExists: (path) => inProject(path, files) !== undefined || isPackaged(path, 'isFile'),
    directoryExists: (path) =>
      folders.has(path) || path === `${HOME}/node_modules` || isPackaged(path, 'isDirectory'),
    getAccessibleEntries(path) {
      const folder = folders.get(path)
      if (folder) return { files: [...folder.files], directories: [...folder.directories] }
      return packagedEntries(path)
    },
    realpath: (path) => path,
  }
  return {
    fs,
    /** From now on these are the files of the project. */
    show(next: ReadonlyMap<string, string>): void {
      files = next
      folders = foldersOf(next)
    },
  }
}

function foldersOf(files: ReadonlyMap<string, string>): Folders {
  const folders: Folders = new Map()
  const folderOf = (path: string) => {
    const known = folders.get(path) ?? { files: new Set(), directories: new Set() }
    folders.set(path, known)
    return known
  }
  for (const path of files.keys()) {
    const parts = path.split('/')
    parts.forEach((name, depth) => {
      const folder = folderOf([HOME, ...parts.slice(0, depth)].join('/'))
      if (depth === parts.length - 1) folder.files.add(name)
      else folder.directories.add(name)
    })
  }
  return folders
}

const inProject = (path: string, files: ReadonlyMap<string, string>) =>
  path.startsWith(`${HOME}/`) ? files.get(path.slice(HOME.length + 1)) : undefined

/** On the disk; null for what is no package. */
function packaged(path: string): string | null {
  if (path.split('/').includes('..')) return null
  if (path.startsWith(`${PACKAGES}/@typescript/`)) return path // its own declarations of the language
  const inside = `${HOME}/node_modules/`
  return path.startsWith(inside) ? `${PACKAGES}/${path.slice(inside.length)}` : null
}

function readPackaged(path: string): string | null {
  const file = packaged(path)
  try {
    return file === null ? null : readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

function isPackaged(path: string, what: 'isFile' | 'isDirectory'): boolean {
  const file = packaged(path)
  try {
    return file !== null && statSync(file)[what]()
  } catch {
    return false
  }
}

function packagedEntries(path: string) {
  const folder = packaged(path)
  try {
    const entries = folder === null ? [] : readdirSync(folder, { withFileTypes: true })
    const isFolder = (entry: (typeof entries)[number]) => entry.isDirectory()
    return {
      files: entries.filter((entry) => !isFolder(entry)).map(({ name }) => name),
      directories: entries.filter(isFolder).map(({ name }) => name),
    }
  } catch {
    return { files: [], directories: [] }
  }
}
