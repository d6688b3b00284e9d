/** Which files of a project patterns mean. Only its paths are looked at. */
import { projectPath } from './resolve.ts'

/** The name under which code finds each file, and its path. */
export function filesMatching(
  importer: string,
  patterns: string[],
  paths: Iterable<string>,
): [name: string, path: string][] {
  const wanted = patterns
    .filter((pattern) => !pattern.startsWith('!'))
    .flatMap((pattern) => compiled(importer, pattern))
  const unwanted = patterns
    .filter((pattern) => pattern.startsWith('!'))
    .flatMap((pattern) => compiled(importer, pattern.slice(1)))
  const found: [string, string][] = []
  for (const path of paths) {
    const match = wanted.find(({ expression }) => expression.test(path))
    if (!match || unwanted.some(({ expression }) => expression.test(path))) continue
    found.push([match.isRooted ? `/${path}` : relative(importer, path), path])
  }
  return found.sort(([a], [b]) => (a < b ? -1 : 1))
}

type Pattern = { expression: RegExp; isRooted: boolean }
const LONGEST = 200

function compiled(importer: string, pattern: string): Pattern[] {
  if (pattern.length > LONGEST || !/^(\.|\/|@\/|\*\*)/.test(pattern)) return []
  const path = pattern.startsWith('**') ? pattern : projectPath(importer, pattern)
  if (path === null) return []
  return [{ expression: new RegExp(`^${expressionOf(path)}$`), isRooted: !pattern.startsWith('.') }]
}

function expressionOf(pattern: string): string {
  return pattern
    .replace(/[.+^$()|[\]\\]/g, '\\$&')
    .replace(/\{([^{}]*)\}/g, (_, choices: string) => `(?:${choices.split(',').join('|')})`)
    .replace(/[{}]/g, '\\$&')
    .replace(/\*\*\/?|\*|\?(?!:)/g, (token) =>
      token === '**/' ? '(?:[^/]+/)*' : token === '**' ? '.*' : token === '*' ? '[^/]*' : '[^/]',
    )
}

function relative(importer: string, path: string): string {
  const from = importer.split('/').slice(0, -1)
  const to = path.split('/')
  let shared = 0
  while (shared < from.length && shared < to.length - 1 && from[shared] === to[shared]) shared++
  const up = from.length - shared
  return `${up === 0 ? './' : '../'.repeat(up)}${to.slice(shared).join('/')}`
}
