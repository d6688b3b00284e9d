/**
 * What a zip would bring into a project. Everything is checked before anything is unpacked: the sizes that the zip
 * declares are added up, and no entry gives more than it declared, so a small zip cannot become a large one.
 */
import { type UnzipFileInfo, unzipSync } from 'fflate'
import { BatonError } from '../errors.ts'
import { pathFault } from './path-fault.ts'

export type ZipFile = { path: string; content: string }
export type LeftOut = { path: string; why: string }
export type ZipContents = { files: ZipFile[]; leftOut: LeftOut[] }

export const MOST_FILES = 2_000
export const MOST_BYTES = 52_428_800
const MOST_OF_ONE = 1_048_576
const MOST_ENTRIES = 20_000
const MB = 1_048_576

export function readZip(zip: Uint8Array): ZipContents {
  if (zip.length > MOST_BYTES)
    throw refusal('BT025', 'This zip is larger than 50 MB.', 'Leave out what the app does not need.')
  const entries = unpacked(zip)
  const root = commonFolder([...entries.keys()].filter((name) => pathFault(name) === null))
  const leftOut: LeftOut[] = []
  const files: ZipFile[] = []
  const seen = new Map<string, string>()
  for (const [name, bytes] of [...entries].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const path = name.startsWith(root) ? name.slice(root.length) : name
    const why =
      typeof bytes === 'string' ? bytes : (pathFault(path) ?? secretsIn(path) ?? sameSpelling(seen, path))
    if (why !== null || typeof bytes === 'string') {
      leftOut.push({ path, why: why ?? '' })
      continue
    }
    const content = textOf(bytes)
    if (content === null)
      leftOut.push({ path, why: 'it is not text (images belong into the code as SVG, or at an address)' })
    else files.push({ path, content })
  }
  if (files.length === 0)
    throw refusal(
      'BT004',
      'Nothing in this zip can be used.',
      leftOut[0] ? `${leftOut[0].path}: ${leftOut[0].why}.` : 'It is empty.',
    )
  if (files.length > MOST_FILES)
    throw refusal(
      'BT025',
      `This zip has ${files.length} files; a project holds ${MOST_FILES}.`,
      'Leave some out.',
    )
  return { files, leftOut }
}

/** By name, the bytes, or why they were not unpacked. What nobody wants to be told of is not in it. */
function unpacked(zip: Uint8Array): Map<string, Uint8Array | string> {
  const listed = list(zip)
  const total = listed.reduce((sum, { originalSize }) => sum + originalSize, 0)
  if (listed.length > MOST_ENTRIES || total > MOST_BYTES)
    throw refusal(
      'BT025',
      `This zip holds ${listed.length} files of ${(total / MB).toFixed(1)} MB together.`,
      `A project takes ${MOST_FILES} files and 50 MB. Leave some out.`,
    )
  const found = new Map<string, Uint8Array | string>()
  const filter = ({ name, originalSize }: UnzipFileInfo) => {
    const isWanted = !isNoise(name) && originalSize <= MOST_OF_ONE
    if (!isWanted && !isNoise(name))
      found.set(name, `it is larger than 1 MB (${(originalSize / MB).toFixed(1)} MB)`)
    return isWanted
  }
  for (const [name, data] of Object.entries(readable(() => unzipSync(zip, { filter })))) found.set(name, data)
  return found
}

/** Only the directory is read. */
function list(zip: Uint8Array): UnzipFileInfo[] {
  const found: UnzipFileInfo[] = []
  readable(() => unzipSync(zip, { filter: (entry) => !isNoise(entry.name) && found.push(entry) < 0 }))
  return found
}

function readable<Result>(read: () => Result): Result {
  try {
    return read()
  } catch (cause) {
    throw refusal(
      'BT004',
      'This is no zip file that can be read.',
      'It may be cut off, or be protected by a password.',
      cause,
    )
  }
}

/** Folders, and what systems and tools leave behind. */
const isNoise = (name: string) =>
  name.endsWith('/') ||
  /(^|\/)(__MACOSX|node_modules|\.git|dist|\.DS_Store|Thumbs\.db|package-lock\.json)(\/|$)/.test(name)

/** Most zips hold one folder with everything in it. */
function commonFolder(names: string[]): string {
  const [first] = names
  const end = first?.indexOf('/') ?? -1
  if (!first || end <= 0) return ''
  const folder = first.slice(0, end + 1)
  if (folder === 'src/' || folder === 'public/') return ''
  return names.every((name) => name.startsWith(folder)) ? folder : ''
}

/** What is in the files is read by all and by the agent. */
const secretsIn = (path: string) =>
  /(^|\/)\.env(\..*)?$/.test(path)
    ? 'it may hold secrets; set the variables in the settings of the project'
    : null

function sameSpelling(seen: Map<string, string>, path: string): string | null {
  const folded = path.toLowerCase()
  const other = seen.get(folded)
  if (other !== undefined) return `${other} is the same file on many systems`
  seen.set(folded, path)
  return null
}

function textOf(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return text.includes('\0') ? null : text
  } catch {
    return null
  }
}

function refusal(code: 'BT004' | 'BT025', message: string, hint: string, cause?: unknown): BatonError {
  return new BatonError(code, message, { hint, cause })
}
