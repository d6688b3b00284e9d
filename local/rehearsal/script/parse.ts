/**
 * Reads a script: plain text whose lines with an `@` say what the text after them is. README.md has the words.
 * What stands in `files/` beside a script is written by `@write path`.
 */
import type { Answer, Edit, Part, Script, ScriptedRequest } from './script.ts'

type Source = { slug: string; text: string; readFile: (path: string) => string }
type Directive = { word: string; rest: string; body: string; line: number }

export function parseScript({ slug, text, readFile }: Source): Script {
  const script: Script = { slug, app: null, requests: [] }
  for (const directive of directivesOf(text)) {
    try {
      apply(script, directive, readFile)
    } catch (cause) {
      throw new Error(`${slug}, line ${directive.line}: ${(cause as Error).message}`, { cause })
    }
  }
  return script
}

function directivesOf(text: string): Directive[] {
  const directives: Directive[] = []
  let isCode = false
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '<<<' || line === '>>>') isCode = line === '<<<'
    const [, word, rest] = (!isCode && /^@([a-z-]+)(?: +(.*))?$/.exec(line)) || []
    if (word) directives.push({ word, rest: rest ?? '', body: '', line: index + 1 })
    else if (directives.length > 0) directives.at(-1)!.body += `${line.replace(/^\\@/, '@')}\n`
    else if (line.trim()) throw new Error(`${index + 1}: the script must begin with "@app" or "@person".`)
  }
  return directives
}

function apply(script: Script, { word, rest, body, line }: Directive, readFile: Source['readFile']): void {
  const request = script.requests.at(-1)
  if (word === 'app') script.app = rest
  else if (word === 'person') script.requests.push(beginRequest(script, rest))
  else if (word === 'when') known(request, '@person').when = pattern(rest)
  else if (word === 'answer') known(request, '@person').answers.push(beginAnswer(rest, body))
  else {
    const answer = known(request?.answers.at(-1), '@answer')
    if (word in SETTINGS) SETTINGS[word]!(answer, rest)
    else answer.parts.push(...partsOf(word, rest, body, readFile))
    if (AFTERTEXT.has(word)) answer.parts.push(...said(body))
  }
  if (line && WITHOUT_BODY.has(word) && body.trim()) throw new Error(`no text may follow "@${word}".`)
}

const WITHOUT_BODY = new Set(['app', 'person', 'when'])

function beginRequest(script: Script, example: string): ScriptedRequest {
  if (!example) throw new Error('"@person" needs the request, as a person would write it.')
  const isFirst = script.requests.length === 0
  const kind = script.app === null ? 'other' : isFirst ? 'build' : 'change'
  const slug = isFirst ? script.slug : `${script.slug}-${script.requests.length}`
  return { slug, example, when: exactly(example), kind, answers: [] }
}

/** The words alone count: not their case, nor what stands between them. */
function exactly(example: string): RegExp {
  const words = example.match(/[\p{L}\p{N}]+/gu) ?? []
  return new RegExp(`^\\W*${words.join('\\W+')}\\W*$`, 'iu')
}

function beginAnswer(rest: string, body: string): Answer {
  const [, given] = /^if (.+)$/.exec(rest) ?? []
  if (rest && !given) throw new Error(`"@answer ${rest}" is neither "@answer" nor "@answer if /…/".`)
  return { parts: said(body), ...(given ? { given: pattern(given) } : {}) }
}

const SETTINGS: Record<string, (answer: Answer, rest: string) => void> = {
  once: (answer) => {
    answer.once = true
  },
  stop: (answer, rest) => {
    answer.stopReason = rest as NonNullable<Answer['stopReason']>
  },
  wait: (answer, rest) => {
    answer.firstTokenMs = number(rest)
  },
  speed: (answer, rest) => {
    answer.tokensPerSecond = number(rest)
  },
  cut: (answer, rest) => {
    const [tokens, error] = rest.split(' ')
    answer.breaks = { afterTokens: number(tokens ?? ''), ...(error ? { error } : {}) }
  },
  fault: (answer, rest) => {
    const [, status, type, message] = /^(\d{3}) (\w+) (.+)$/.exec(rest) ?? []
    if (!status) throw new Error('"@fault" needs a status, a type and a message.')
    answer.fault = { status: Number(status), type: type!, message: message! }
    if (status === '429') answer.fault.retryAfter = 1
  },
}

const AFTERTEXT = new Set([...Object.keys(SETTINGS), 'read', 'list', 'search', 'delete', 'move', 'rename'])

function partsOf(word: string, rest: string, body: string, readFile: Source['readFile']): Part[] {
  const call = (name: string, input: Record<string, unknown>): Part[] => [{ kind: 'call', name, input }]
  const paths = rest.split(' ').filter(Boolean)
  switch (word) {
    case 'say':
      return said(body)
    case 'think':
      return [{ kind: 'think', text: body.trim() }]
    case 'write': {
      const [, path, source] = /^(\S+) from (\S+)$/.exec(rest) ?? []
      if (path) return call('write_file', { path, content: readFile(source!) })
      return written(paths, body, readFile)
    }
    case 'edit':
      return [{ kind: 'edit', path: rest, edits: editsOf(body) }]
    case 'read':
      return paths.flatMap((path) => call('read_file', { path }))
    case 'list':
      return call('list_files', rest ? { folder: rest } : {})
    case 'search':
      return call('search_files', { query: rest })
    case 'delete':
      return paths.flatMap((path) => call('delete_file', { path }))
    case 'move':
      return call('move_file', { from: paths[0], to: paths[1] })
    case 'rename':
      return call('rename_app', { name: rest })
    case 'plan':
      return call('set_plan', { items: itemsOf(body) })
    case 'ask':
      return call('ask_user', { question: rest, options: optionsOf(body), free_text: true })
    case 'call':
      return call(rest, JSON.parse(body || '{}') as Record<string, unknown>)
    case 'malformed':
      return [{ kind: 'malformed', name: rest, json: body.trim() }]
    default:
      throw new Error(`"@${word}" is not a word of scripts.`)
  }
}

const said = (body: string): Part[] => (body.trim() ? [{ kind: 'say', text: body.trim() }] : [])

/** Without a body, as the files stand on the disk; with passages, as they stand but for these; else the body. */
function written(paths: string[], body: string, readFile: Source['readFile']): Part[] {
  if (paths.length === 0) throw new Error('"@write" needs a path.')
  return paths.map((path) => ({
    kind: 'call',
    name: 'write_file',
    input: { path, content: contentOf(path) },
  }))

  function contentOf(path: string): string {
    if (!body.trim()) return readFile(path)
    if (!body.startsWith('<<<\n')) return `${body.trimEnd()}\n`
    return editsOf(body).reduce((content, { search, replace }) => {
      if (content.split(search).length !== 2) throw new Error(`${path} does not hold once: ${search}`)
      return content.replace(search, () => replace)
    }, readFile(path))
  }
}

/** Whole lines or their beginning or end: the last line break is not part of a passage. */
const PASSAGE = /<<<\n([\s\S]*?)\n===\n([\s\S]*?)\n?>>>\n/g

function editsOf(body: string): Edit[] {
  const edits = [...body.matchAll(PASSAGE)].map(([, search, replace]) => ({
    search: search!,
    replace: replace!,
  }))
  const rest = body.replace(PASSAGE, '').trim()
  if (edits.length === 0 || rest) throw new Error('passages are "<<<", old lines, "===", new lines, ">>>".')
  return edits
}

const STATES: Record<string, string> = { ' ': 'todo', '>': 'doing', x: 'done' }

const itemsOf = (body: string) =>
  linesOf(body).map((line) => {
    const [, mark, text] = /^- \[([ >x])\] (.+)$/.exec(line) ?? []
    if (!mark) throw new Error(`"${line}" is no step of a plan: "- [ ] todo", "- [>] doing", "- [x] done".`)
    return { text: text!, state: STATES[mark]! }
  })

const optionsOf = (body: string) =>
  linesOf(body).map((line) => {
    const [label, description] = line.replace(/^- /, '').split(' – ')
    return { label: label!, ...(description ? { description } : {}) }
  })

const linesOf = (body: string) => body.split('\n').filter((line) => line.trim())

function pattern(text: string): RegExp {
  const [, source, flags] = /^\/(.+)\/([a-z]*)$/.exec(text) ?? []
  if (!source) throw new Error(`"${text}" is no pattern: it has the form /…/.`)
  return new RegExp(source, flags || 'i')
}

function number(text: string): number {
  const value = Number(text)
  if (!(value >= 0) || text === '') throw new Error(`"${text}" is no number.`)
  return value
}

function known<T>(value: T | undefined, word: string): T {
  if (value === undefined) throw new Error(`"${word}" must come first.`)
  return value
}
