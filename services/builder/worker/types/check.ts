/** What TypeScript says about a project. The compiler sees a file system of ours: the project, and the packages. */
import { API, type Snapshot, type Project as TypedProject } from 'typescript/unstable/sync'
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

let held: Checker | undefined

/**
 * What was checked last is where the next check begins, be it of the same project, which then costs a tenth of a first
 * check, or of another one, for which the declarations of the packages have been read.
 */
export function checkTypes(sources: SourceFile[]): BuildError[] {
  const files = new Map(sources.map(({ path, content }) => [path, content]))
  if (![...files.keys()].some((path) => path.startsWith('src/') && isScript(path))) return []
  const known = held
  held = undefined
  return (known && checkedOrNot(known, files)) ?? checkAndHold(openChecker(), files)
}

/** Its process may have ended since. */
function checkedOrNot(checker: Checker, files: ReadonlyMap<string, string>): BuildError[] | null {
  try {
    return checkAndHold(checker, files)
  } catch {
    return null
  }
}

function checkAndHold(checker: Checker, files: ReadonlyMap<string, string>): BuildError[] {
  try {
    const errors = checker.check(files)
    held = checker
    return errors
  } finally {
    if (!held) checker.close()
  }
}

type Checker = ReturnType<typeof openChecker>

function openChecker() {
  const visible = visibleFiles()
  const api = new API({ cwd: HOME, fs: visible.fs })
  let shown: ReadonlyMap<string, string> = new Map()
  let snapshot: Snapshot | undefined

  return {
    check(sources: ReadonlyMap<string, string>): BuildError[] {
      const files = new Map(sources).set('tsconfig.json', JSON.stringify(CONFIG))
      visible.show(files)
      const next = api.updateSnapshot(
        snapshot
          ? { fileChanges: changesBetween(shown, files) }
          : { openProjects: [`${HOME}/tsconfig.json`] },
      )
      snapshot?.dispose()
      snapshot = next
      shown = files
      const [project] = next.getProjects()
      return project ? errorsIn(project, files) : []
    },
    close: () => api.close(),
  }
}

function changesBetween(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>) {
  const full = (paths: Iterable<string>) => [...paths].map((path) => `${HOME}/${path}`)
  const kept = [...after.keys()].filter((path) => before.has(path))
  return {
    created: full([...after.keys()].filter((path) => !before.has(path))),
    changed: full(kept.filter((path) => before.get(path) !== after.get(path))),
    deleted: full([...before.keys()].filter((path) => !after.has(path))),
  }
}

function errorsIn({ program }: TypedProject, files: ReadonlyMap<string, string>): BuildError[] {
  const found = [...program.getSyntacticDiagnostics(), ...program.getSemanticDiagnostics()]
  return found.slice(0, MOST_ERRORS).flatMap(({ fileName, pos, code, text, messageChain = [] }) => {
    const path = fileName?.startsWith(`${HOME}/`) ? fileName.slice(HOME.length + 1) : undefined
    const source = path === undefined ? undefined : files.get(path)
    const message = `${[text, ...messageChain.map((next) => next.text)].join(' ')} (TS${code})`
    return source === undefined ? [] : [faultAt(path!, source, placeOf(source, pos), message)]
  })
}
