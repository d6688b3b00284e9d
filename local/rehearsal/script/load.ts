/** Every `<name>.script`, and every folder `<name>/` with a `<name>.script` and the code that it writes in `files/`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseScript } from './parse.ts'
import type { Script } from './script.ts'

const EXTENSION = '.script'

export function loadScripts(dir: string): Script[] {
  return readdirSync(dir, { withFileTypes: true })
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => {
      const name = entry.isDirectory() ? entry.name : entry.name.replace(EXTENSION, '')
      const folder = entry.isDirectory() ? join(dir, name) : dir
      const path = join(folder, `${name}${EXTENSION}`)
      return existsSync(path) ? [readScript(name, path, join(folder, 'files'))] : []
    })
}

function readScript(name: string, path: string, files: string): Script {
  return parseScript({
    slug: name,
    text: readFileSync(path, 'utf8'),
    readFile: (file) => readFileSync(join(files, file), 'utf8'),
  })
}
