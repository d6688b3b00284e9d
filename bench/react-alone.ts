import { join } from 'node:path'
import { build, type Rolldown } from 'vite'
import { ROOT_DIR } from '../local/testing/throwaway.ts'

/** A module of a few lines with react-dom, built as the app is. */
export async function reactAlone(source: string): Promise<string> {
  const entry = 'virtual:react-alone'
  const file = join(ROOT_DIR, 'react-alone.js')
  const output = (await build({
    configFile: false,
    logLevel: 'silent',
    root: ROOT_DIR,
    mode: 'production',
    build: { write: false, target: 'es2023', rolldownOptions: { input: entry } },
    plugins: [
      {
        name: entry,
        resolveId: (id) => (id === entry ? file : null),
        load: (id) => (id === file ? source : null),
      },
    ],
  })) as Rolldown.RolldownOutput
  return output.output.map((chunk) => (chunk.type === 'chunk' ? chunk.code : '')).join('')
}
