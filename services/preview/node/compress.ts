import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Compress } from '../encoding.ts'

const brotli = promisify(brotliCompress)
const zip = promisify(gzip)

export const compress: Compress = async (bytes, encoding, care) => {
  const made =
    encoding === 'br'
      ? await brotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: care === 'small' ? 9 : 3 } })
      : await zip(bytes, { level: care === 'small' ? 9 : 4 })
  return new Uint8Array(made)
}
