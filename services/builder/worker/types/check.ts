/** What TypeScript says about a project. The compiler sees a file system of ours: the project, and the packages. */
import { API } from 'typescript/unstable/sync'
import type { BuildError } from '../../../../supabase/functions/_shared/protocol.ts'
import { faultAt, placeOf } from '../faults.ts'
import type { SourceFile } from '../messages.ts'
import { isScript } from '../preview/compile.ts'
import { HOME, visibleFiles } from './visible-files.ts'

const MOST_ERRORS = 100
const CONFIG = {
  compilerOptions: {
    target: 'ES2022',
    module: 'ESNext',
    moduleResolution: 'bundler',
    lib: ['ES2023', 'DOM', 'DOM.Iterable'],
    types: ['vite/client'],
    jsx: 'react-jsx',
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    allowJs: true,
    resolveJsonModule: true,
    allowImportingTsExtensions: true,
    paths: { '@/*': ['./src/*'] },
  },
  include: ['src'],
}

export async function checkTypes(sources: SourceFile[]): Promise<BuildError[]> {
  const files = new Map(sources.map(({ path, content }) => [path, content]))
  if (![...files.keys()].some((path) => path.startsWith('src/') && isScript(path))) return []
  files.set('tsconfig.json', JSON.stringify(CONFIG))
  const api = new API({ cwd: HOME, fs: visibleFiles(files) })
  try {
    const [project] = api.updateSnapshot({ openProjects: [`${HOME}/tsconfig.json`] }).getProjects()
    if (!project) return []
    const { program } = project
    const found = [...program.getSyntacticDiagnostics(), ...program.getSemanticDiagnostics()]
    return found.slice(0, MOST_ERRORS).flatMap(({ fileName, pos, code, text, messageChain = [] }) => {
      const path = fileName?.startsWith(`${HOME}/`) ? fileName.slice(HOME.length + 1) : undefined
      const source = path === undefined ? undefined : files.get(path)
      const message = `${[text, ...messageChain.map((next) => next.text)].join(' ')} (TS${code})`
      return source === undefined ? [] : [faultAt(path!, source, placeOf(source, pos), message)]
    })
  } finally {
    api.close()
  }
}
