import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The checkout. Compiled code lies elsewhere, and is told by the bootstrap where it came from. */
export const rootDir = process.env.BATON_ROOT ?? dirname(dirname(fileURLToPath(import.meta.url)))
