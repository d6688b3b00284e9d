/**
 * A conversation that is known from its first word to its last: what people say and do, what the model says and calls,
 * and what each call must answer. What really happens may be cut, repeated and taken over as often as it likes; in the
 * end the rows must tell this and nothing else.
 */
import { createHash } from 'node:crypto'
import { createRandom, type Random } from './random.ts'
import { contentOf, sentencesOf, wordOf } from './words.ts'

/** What a call does to the files, if all goes well. */
export type FileEffect =
  | { op: 'write'; path: string; content: string }
  | { op: 'delete'; path: string }
  | { op: 'move'; path: string; from: string }

export type Call = {
  kind: 'call'
  /** Begins the id that the model gives it. */
  key: string
  name: string
  input: Record<string, unknown>
  /** What is streamed in place of the input. */
  json?: string
  /** What its result must contain. */
  says: string
  isError: boolean
  paths: string[]
  effect: FileEffect | null
}
export type Block = { kind: 'text' | 'thinking'; text: string } | Call
export type Step = Block[]
export type Exchange = {
  message: string
  /** Sent while the exchange before goes on, as soon as the model was asked so often; null: when that is over. */
  whileAsked: number | null
  /** What was written first, and corrected while it waited. */
  draft: string | null
  /** What was said and answered in its place, until it was sent again like this: it leaves the conversation. */
  before: Pick<Exchange, 'message' | 'steps'> | null
  steps: Step[]
}
export type Script = {
  seed: number
  exchanges: Exchange[]
  /** A person presses stop after the model was asked so often, and then lets the run go on. */
  stops: number[]
  /** The window is so small that the conversation is summed up again and again. */
  isCramped: boolean
  answers: Map<string, unknown>
  files: Map<string, string>
  appName: string | null
}

export function writeScript(seed: number): Script {
  const random = createRandom(seed).fork('script')
  const author = createAuthor(random)
  const exchanges = Array.from({ length: random.whole(1, 3) }, (_, at) => author.exchange(at))
  const stops = random.chance(0.4) ? [random.whole(1, 5)] : []
  const isCramped = random.fork('window').chance(0.25)
  if (random.fork('again').chance(0.4)) exchanges.push(author.saidAgain(exchanges.length))
  return { seed, exchanges, stops, isCramped, ...author.outcome() }
}

/** Keeps the files in mind as it writes, so that every call has one right answer. */
function createAuthor(random: Random) {
  const files = new Map<string, string>()
  const answers = new Map<string, unknown>()
  let appName: string | null = null
  let written = 0
  let asked = 0

  const exchange = (at: number): Exchange => {
    const queued = at > 0 && random.chance(0.5)
    if (queued) asked += random.whole(1, 2)
    const work = Array.from({ length: random.whole(1, 3) }, () => step(random.whole(1, 4)))
    return {
      message: `Message ${at}: ${sentencesOf(random, 1)}`,
      whileAsked: queued ? asked : null,
      draft: queued && random.chance(0.4) ? `Draft ${at}` : null,
      before: null,
      steps: [...work, [...maybeThinking(), text()]],
    }
  }

  /** In words alone: what was done to files stays done, whatever leaves the conversation. */
  const saidAgain = (at: number): Exchange => {
    const inWords = (): Step[] => [[...maybeThinking(), text()]]
    const before = { message: `Message ${at}, badly put`, steps: inWords() }
    return { message: `Message ${at}, again`, whileAsked: null, draft: null, before, steps: inWords() }
  }

  const step = (calls: number): Step => {
    const touched = new Set<string>()
    const blocks: Block[] = [...maybeThinking(), ...(random.chance(0.7) ? [text()] : [])]
    for (let at = 0; at < calls; at++) {
      blocks.push(...call(touched))
      if (random.chance(0.2)) blocks.push(text())
    }
    return blocks
  }

  const text = (): Block => ({
    kind: 'text',
    text: `⟨${written++}⟩ ${sentencesOf(random, random.whole(1, 6))}.`,
  })
  const maybeThinking = (): Block[] =>
    random.chance(0.4) ? [{ kind: 'thinking', text: `Thought ${written++}: ${sentencesOf(random, 2)}` }] : []

  /** Calls of one answer run at once: those for one path in their order, others in any. */
  const call = (touched: Set<string>): Call[] => {
    const free = [...files.keys()].filter((path) => !touched.has(path))
    const kinds = [
      create,
      create,
      plan,
      ...(free.length > 0 ? [edit, edit, replace, move, remove, read] : []),
    ]
    const made = random.chance(0.12) ? oddity() : random.one(kinds)(free)
    for (const { paths } of made) for (const path of paths) touched.add(path)
    return made
  }

  const key = () => `toolu_${written++}`
  const create = (): Call[] => {
    const path = `${random.one(['src', 'src/parts', 'docs'])}/${wordOf(random)}-${written}.ts`
    const content = contentOf(random, written)
    const first = writeCall(path, content, 'Created')
    return random.chance(0.25) ? [first, ...edit([path])] : [first]
  }
  const writeCall = (path: string, content: string, verb: string): Call => {
    files.set(path, content)
    const effect: FileEffect = { op: 'write', path, content }
    return made('write_file', { path, content }, `${verb} ${path} (`, [path], effect)
  }
  const replace = (paths: string[]): Call[] => [
    writeCall(random.one(paths), contentOf(random, written), 'Replaced'),
  ]
  const edit = (paths: string[]): Call[] => {
    const path = random.one(paths)
    const before = files.get(path)!
    const search = before.split('\n')[0]!
    const content = before.replace(search, `${search} // edit ${written}`)
    files.set(path, content)
    const edits = [{ search, replace: `${search} // edit ${written}` }]
    const effect: FileEffect = { op: 'write', path, content }
    return [made('edit_file', { path, edits }, `Replaced 1 passage in ${path}`, [path], effect)]
  }
  const move = (paths: string[]): Call[] => {
    const from = random.one(paths)
    const path = `moved/${wordOf(random)}-${written}.ts`
    files.set(path, files.get(from)!)
    files.delete(from)
    const effect: FileEffect = { op: 'move', path, from }
    return [made('move_file', { from, to: path }, `Moved ${from} to ${path}.`, [from, path], effect)]
  }
  const remove = (paths: string[]): Call[] => {
    const path = random.one(paths)
    files.delete(path)
    return [made('delete_file', { path }, `Deleted ${path}.`, [path], { op: 'delete', path })]
  }
  const read = (paths: string[]): Call[] => {
    const path = random.one(paths)
    return [made('read_file', { path }, files.get(path)!.split('\n')[0]!, [path])]
  }
  const plan = (): Call[] => {
    const items = [{ text: `Step ${written}`, state: random.one(['todo', 'doing', 'done']) }]
    return [made('set_plan', { items }, 'The plan has 1 steps', ['(plan)'])]
  }

  const oddity = (): Call[] => {
    const path = `none/${wordOf(random)}-${written}.ts`
    const odd = [
      () => made('delete_file', { path }, `There is no file ${path}.`, [path], null, true),
      () => ({ ...made('write_file', {}, 'is not JSON', [], null, true), json: '{"path": "half' }),
      () => made('paint_file', { path }, 'There is no tool "paint_file"', [], null, true),
      () => made('write_file', { path: '../out.ts', content: 'x' }, 'leaves the project', [], null, true),
      appName === null ? rename : question,
      question,
    ]
    return [random.one(odd)()]
  }
  const rename = (): Call => {
    appName = `App ${written}`
    return made('rename_app', { name: appName }, `The app is now called ${appName}.`, ['(name)'])
  }
  const question = (): Call => {
    const answer = { text: sentencesOf(random, 1) }
    const call = made('ask_user', { question: `Question ${written}?` }, JSON.stringify(answer.text), [])
    answers.set(call.key, answer)
    return call
  }

  const made = (
    name: string,
    input: Call['input'],
    says: string,
    paths: string[],
    effect: FileEffect | null = null,
    isError = false,
  ): Call => ({ kind: 'call', key: key(), name, input, says, isError, paths, effect })

  return { exchange, saidAgain, outcome: () => ({ files, answers, appName }) }
}

/** What may stand in the chat in the end: a draft that was taken before it was corrected stays as it was. */
export const wordings = ({ message, draft }: Exchange) => (draft === null ? [message] : [message, draft])

/** As the conversation stands while the first wording of an exchange is still in it. */
export const beforeResending = (script: Script): Script => ({
  ...script,
  exchanges: script.exchanges.map((exchange) => ({ ...exchange, ...exchange.before })),
})

export const blocksOf = (script: Script): Block[] => script.exchanges.flatMap(({ steps }) => steps.flat())
export const callsOf = (script: Script): Call[] => blocksOf(script).filter((block) => block.kind === 'call')
export const hashOf = (content: string) => createHash('sha256').update(content).digest('hex')

/** The id that the model gives a call, anew each time it makes it. */
export const idFor = ({ key }: Call, random: Random) => `${key}_${random.whole(0, 2 ** 30).toString(36)}`
export const keyOf = (apiId: string) => apiId.split('_').slice(0, 2).join('_')
