/** Compressed copies of texts, made once and kept beside the bytes. */
import { createByteCache } from './byte-cache.ts'

export type Encoding = 'br' | 'gzip'
export type Bytes = Uint8Array<ArrayBuffer>
/** `care` says whether it is worth time: what is published is read often, what is previewed is read once. */
export type Compress = (bytes: Bytes, encoding: Encoding, care: 'quick' | 'small') => Promise<Bytes>

const COMPRESSIBLE =
  /^(text\/|application\/(javascript|json|manifest\+json|wasm|xml|ld\+json|rss\+xml)|image\/(svg\+xml|bmp|x-icon)|font\/(ttf|otf))/
const SMALLEST = 600
const LARGEST = 8 * 1024 * 1024

export const isWorthIt = (type: string, size: number): boolean =>
  size >= SMALLEST && size <= LARGEST && COMPRESSIBLE.test(type)

export function chooseEncoding(accepted: string | null, available: readonly Encoding[]): Encoding | null {
  const offered = (accepted ?? '').split(',').flatMap((one) => {
    const [name = '', ...parameters] = one.split(';').map((part) => part.trim().toLowerCase())
    const isRefused = parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))
    return isRefused ? [] : [name]
  })
  return available.find((encoding) => offered.includes(encoding)) ?? null
}

export function createEncoder(compress: Compress, limit = 48 * 1024 * 1024) {
  const copies = createByteCache(limit)
  return async (hash: string, bytes: Bytes, encoding: Encoding, care: 'quick' | 'small'): Promise<Bytes> => {
    const key = `${encoding} ${care} ${hash}`
    const known = copies.get(key)
    if (known) return known
    const made = await compress(bytes, encoding, care)
    copies.set(key, made)
    return made
  }
}
