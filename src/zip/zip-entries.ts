/**
 * What a zip holds, by the directory at its end. It is read here, since libraries tell neither links nor in which letters
 * a name is written, make one of two entries of the same name, and believe sizes.
 */
import { Inflate } from 'fflate'

export type ZipEntry = {
  name: string
  /** Why it cannot be used, as far as the directory tells. */
  fault: string | null
  /** What it says of itself; it never gives more. */
  size: number
  read(): Uint8Array
}

/** What an entry is, is not what it says. */
export class Damaged extends Error {}

const DIRECTORY_END = 0x06054b50
const DIRECTORY_ENTRY = 0x02014b50
const LOCAL_ENTRY = 0x04034b50
const LONGEST_COMMENT = 65_535

/** Throws a RangeError or `Damaged` for what is no zip. */
export function entriesOf(zip: Uint8Array): ZipEntry[] {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength)
  const end = endOfDirectory(view)
  const entries: ZipEntry[] = []
  let at = view.getUint32(end + 16, true)
  while (at < end) {
    if (view.getUint32(at, true) !== DIRECTORY_ENTRY) throw new Damaged('The directory is broken.')
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((of) => view.getUint16(at + of, true))
    const name = zip.subarray(at + 46, at + 46 + (nameLength ?? 0))
    entries.push(entryAt(zip, view, at, name))
    at += 46 + (nameLength ?? 0) + (extraLength ?? 0) + (commentLength ?? 0)
  }
  return entries
}

function endOfDirectory(view: DataView): number {
  const first = Math.max(0, view.byteLength - 22 - LONGEST_COMMENT)
  for (let at = view.byteLength - 22; at >= first; at -= 1)
    if (view.getUint32(at, true) === DIRECTORY_END) return at
  throw new Damaged('It has no directory.')
}

function entryAt(zip: Uint8Array, view: DataView, at: number, bytes: Uint8Array): ZipEntry {
  const method = view.getUint16(at + 10, true)
  const packedSize = view.getUint32(at + 20, true)
  const size = view.getUint32(at + 24, true)
  const begin = view.getUint32(at + 42, true)
  const name = utf8(bytes)
  return {
    name: name ?? new TextDecoder().decode(bytes),
    fault: name === null ? 'its name is not written in UTF-8' : faultOf(view, at, method),
    size,
    read() {
      if (view.getUint32(begin, true) !== LOCAL_ENTRY) throw new Damaged('It is not where it should be.')
      const from = begin + 30 + view.getUint16(begin + 26, true) + view.getUint16(begin + 28, true)
      const packed = zip.subarray(from, from + packedSize)
      const content = method === 0 ? packed : inflated(packed, size)
      if (content.length !== size) throw new Damaged('It is shorter than it says.')
      return content
    },
  }
}

/** One spelling of accented letters, since some systems write them as two characters. */
function utf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).normalize('NFC')
  } catch {
    return null
  }
}

const MADE_ON_UNIX = new Set([3, 19])
const KIND = 0xf000
const [REGULAR, FOLDER, LINK] = [0x8000, 0x4000, 0xa000]

function faultOf(view: DataView, at: number, method: number): string | null {
  const kind = MADE_ON_UNIX.has(view.getUint8(at + 5)) ? view.getUint16(at + 40, true) & KIND : REGULAR
  if (kind === LINK) return 'it is a link, which could lead anywhere'
  if (kind !== 0 && kind !== REGULAR && kind !== FOLDER) return 'it is no ordinary file'
  if (view.getUint16(at + 8, true) & 1) return 'it is protected by a password'
  return method === 0 || method === 8 ? null : 'it is packed in an unusual way'
}

/** In bites, so that what would become far too large is noticed before it is. */
const BITE = 16_384

function inflated(packed: Uint8Array, size: number): Uint8Array {
  const content = new Uint8Array(size)
  let length = 0
  const inflate = new Inflate((chunk) => {
    if (length + chunk.length > size) throw new Damaged('It is longer than it says.')
    content.set(chunk, length)
    length += chunk.length
  })
  for (let at = 0; at < packed.length; at += BITE)
    inflate.push(packed.subarray(at, at + BITE), at + BITE >= packed.length)
  return content.subarray(0, length)
}
