/**
 * What a zip would bring into a project. Everything is checked before anything is unpacked: the sizes that the zip
 * declares are added up, and no entry gives more than it declared, so a small zip cannot become a large one.
 */
import { BatonError } from '../errors.ts'
import { pathFault } from './path-fault.ts'
import { entriesOf, type ZipEntry } from './zip-entries.ts'

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
  const entries = wanted(zip)
  const root = commonFolder(entries.filter(({ name }) => pathFault(name) === null))
  const leftOut: LeftOut[] = []
  const files: ZipFile[] = []
  const seen = new Map<string, string>()
  for (const entry of entries) {
    const path = entry.name.startsWith(root) ? entry.name.slice(root.length) : entry.name
    const fault =
      entry.fault ?? pathFault(path) ?? secretsIn(path) ?? tooLarge(entry) ?? sameSpelling(seen, path)
    const content = fault === null ? textOf(entry) : { why: fault }
    if (typeof content === 'string') files.push({ path, content })
    else leftOut.push({ path, why: content.why })
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

/** In the order of their names. What nobody wants to be told of is not among them. */
function wanted(zip: Uint8Array): ZipEntry[] {
  const entries = listed(zip).filter(({ name }) => !isNoise(name))
  const total = entries.reduce((sum, { size }) => sum + (size <= MOST_OF_ONE ? size : 0), 0)
  if (entries.length > MOST_ENTRIES || total > MOST_BYTES)
    throw refusal(
      'BT025',
      `This zip holds ${entries.length} files of ${(total / MB).toFixed(1)} MB together.`,
      `A project takes ${MOST_FILES} files and 50 MB. Leave some out.`,
    )
  return entries.sort(({ name: one }, { name: other }) => (one < other ? -1 : 1))
}

function listed(zip: Uint8Array): ZipEntry[] {
  try {
    return entriesOf(zip)
  } catch (cause) {
    throw refusal(
      'BT004',
      'This is no zip file that can be read.',
      'It may be cut off. Make it again.',
      cause,
    )
  }
}

/** Folders, and what systems and tools leave behind. */
const isNoise = (name: string) =>
  name.endsWith('/') ||
  /(^|\/)(__MACOSX|node_modules|\.git|dist|\.DS_Store|Thumbs\.db|package-lock\.json)(\/|$)/.test(name)

/** Most zips hold one folder with everything in it. */
function commonFolder(entries: ZipEntry[]): string {
  const first = entries[0]?.name
  const end = first?.indexOf('/') ?? -1
  if (!first || end <= 0) return ''
  const folder = first.slice(0, end + 1)
  if (folder === 'src/' || folder === 'public/') return ''
  return entries.every(({ name }) => name.startsWith(folder)) ? folder : ''
}

/** What is in the files is read by all and by the agent. */
const secretsIn = (path: string) =>
  /(^|\/)\.env(\..*)?$/.test(path)
    ? 'it may hold secrets; set the variables in the settings of the project'
    : null

const tooLarge = ({ size }: ZipEntry) =>
  size > MOST_OF_ONE ? `it is larger than 1 MB (${(size / MB).toFixed(1)} MB)` : null

function sameSpelling(seen: Map<string, string>, path: string): string | null {
  const folded = path.toLowerCase()
  const other = seen.get(folded)
  if (other === path) return 'it is in the zip twice'
  if (other !== undefined) return `${other} is the same file on many systems`
  seen.set(folded, path)
  return null
}

function textOf(entry: ZipEntry): string | { why: string } {
  const bytes = unpacked(entry)
  if (!bytes) return { why: 'it is damaged' }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    if (!text.includes('\0')) return text
  } catch {
    // Told below, as for a text with zeros.
  }
  return { why: 'it is not text (images belong into the code as SVG, or at an address)' }
}

function unpacked(entry: ZipEntry): Uint8Array | null {
  try {
    return entry.read()
  } catch {
    return null
  }
}

function refusal(code: 'BT004' | 'BT025', message: string, hint: string, cause?: unknown): BatonError {
  return new BatonError(code, message, { hint, cause })
}
