/**
 * Patterns whose time grows with the length of the line and of the pattern, never more: the engine of JavaScript can be
 * kept busy for hours by a pattern of ten characters, and nothing in the process could stop it. The pattern becomes a
 * small program, and all its threads walk the line together (Thompson's construction), so there is no way back to take.
 */
type Test = (character: string) => boolean
type Assertion = 'start' | 'end' | 'boundary' | 'no boundary'

type Node =
  | { kind: 'character'; test: Test }
  | { kind: 'assert'; what: Assertion }
  | { kind: 'sequence'; parts: Node[] }
  | { kind: 'either'; options: Node[] }
  | { kind: 'repeat'; part: Node; min: number; max: number }

type Instruction =
  | { kind: 'character'; test: Test }
  | { kind: 'assert'; what: Assertion }
  | { kind: 'split'; to: number[] }
  | { kind: 'match' }

const LONGEST_PROGRAM = 5_000

export function compile(pattern: string, { ignoreCase = false } = {}): (line: string) => boolean {
  const program: Instruction[] = []
  emit(parse(pattern, ignoreCase), program)
  program.push({ kind: 'match' })
  return (line) => matches(program, [...line])
}

function matches(program: Instruction[], text: string[]): boolean {
  let threads = new Set<number>()
  for (let at = 0; at <= text.length; at++) {
    if (enter(0, threads, program, text, at)) return true
    const next = new Set<number>()
    for (const thread of threads) {
      const instruction = program[thread]!
      if (instruction.kind !== 'character' || at === text.length || !instruction.test(text[at]!)) continue
      if (enter(thread + 1, next, program, text, at + 1)) return true
    }
    threads = next
  }
  return false
}

/** Follows what needs no character; true when that leads to a match. */
function enter(
  start: number,
  threads: Set<number>,
  program: Instruction[],
  text: string[],
  at: number,
): boolean {
  const waiting = [start]
  for (let thread = waiting.pop(); thread !== undefined; thread = waiting.pop()) {
    if (threads.has(thread)) continue
    threads.add(thread)
    const instruction = program[thread]!
    if (instruction.kind === 'match') return true
    if (instruction.kind === 'split') waiting.push(...instruction.to)
    if (instruction.kind === 'assert' && holds(instruction.what, text, at)) waiting.push(thread + 1)
  }
  return false
}

function holds(what: Assertion, text: string[], at: number): boolean {
  if (what === 'start') return at === 0
  if (what === 'end') return at === text.length
  const isBoundary = isWord(text[at - 1]) !== isWord(text[at])
  return isBoundary === (what === 'boundary')
}

function emit(node: Node, program: Instruction[]): void {
  if (program.length > LONGEST_PROGRAM) throw new Error('it is too long once its repetitions are written out')
  switch (node.kind) {
    case 'character':
    case 'assert':
      program.push(node)
      return
    case 'sequence':
      for (const part of node.parts) emit(part, program)
      return
    case 'either':
      emitEither(node.options, program)
      return
    case 'repeat':
      emitRepeat(node, program)
  }
}

function emitEither(options: Node[], program: Instruction[]): void {
  const fork: Instruction & { kind: 'split' } = { kind: 'split', to: [] }
  const exits: (Instruction & { kind: 'split' })[] = []
  program.push(fork)
  for (const option of options) {
    fork.to.push(program.length)
    emit(option, program)
    const exit: Instruction & { kind: 'split' } = { kind: 'split', to: [] }
    exits.push(exit)
    program.push(exit)
  }
  for (const exit of exits) exit.to.push(program.length)
}

function emitRepeat({ part, min, max }: Node & { kind: 'repeat' }, program: Instruction[]): void {
  for (let count = 0; count < min; count++) emit(part, program)
  if (max === Number.POSITIVE_INFINITY) {
    const loop: Instruction & { kind: 'split' } = { kind: 'split', to: [program.length + 1] }
    const start = program.length
    program.push(loop)
    emit(part, program)
    program.push({ kind: 'split', to: [start] })
    loop.to.push(program.length)
    return
  }
  const skips: (Instruction & { kind: 'split' })[] = []
  for (let count = min; count < max; count++) {
    const skip: Instruction & { kind: 'split' } = { kind: 'split', to: [program.length + 1] }
    skips.push(skip)
    program.push(skip)
    emit(part, program)
  }
  for (const skip of skips) skip.to.push(program.length)
}

function parse(pattern: string, ignoreCase: boolean): Node {
  const input = [...pattern]
  let at = 0
  const peek = () => input[at]
  const take = () => input[at++]
  const accept = (character: string) => peek() === character && take() !== undefined

  const either = (): Node => {
    const options = [sequence()]
    while (accept('|')) options.push(sequence())
    return options.length === 1 ? options[0]! : { kind: 'either', options }
  }

  const sequence = (): Node => {
    const parts: Node[] = []
    while (peek() !== undefined && peek() !== '|' && peek() !== ')') parts.push(repeated(atom()))
    return { kind: 'sequence', parts }
  }

  const repeated = (part: Node): Node => {
    const range = repetition()
    if (!range) return part
    accept('?') // as few as possible: the same lines match
    if (repetition()) throw new Error('a repetition follows a repetition')
    return { kind: 'repeat', part, ...range }
  }

  const repetition = (): { min: number; max: number } | null => {
    if (accept('*')) return { min: 0, max: Number.POSITIVE_INFINITY }
    if (accept('+')) return { min: 1, max: Number.POSITIVE_INFINITY }
    if (accept('?')) return { min: 0, max: 1 }
    const [all, min, comma, max] = /^\{(\d{1,3})(,?)(\d{0,3})\}/.exec(input.slice(at, at + 12).join('')) ?? []
    if (all === undefined) return null
    at += all.length
    const least = Number(min)
    const most = comma ? (max ? Number(max) : Number.POSITIVE_INFINITY) : least
    if (most < least) throw new Error(`${all} is the wrong way round`)
    return { min: least, max: most }
  }

  const atom = (): Node => {
    const character = take()!
    if (character === '(') return group()
    if (character === '[') return { kind: 'character', test: set() }
    if (character === '^') return { kind: 'assert', what: 'start' }
    if (character === '$') return { kind: 'assert', what: 'end' }
    if (character === '.') return { kind: 'character', test: () => true }
    if (character === '\\') return escaped()
    if ('*+?'.includes(character)) throw new Error(`"${character}" follows nothing that it could repeat`)
    return { kind: 'character', test: literal(character) }
  }

  const group = (): Node => {
    if (accept('?') && !accept(':')) throw new Error('look-around and named groups do not exist here')
    const inside = either()
    if (!accept(')')) throw new Error('a "(" is not closed')
    return inside
  }

  const escaped = (): Node => {
    const character = take()
    if (character === undefined) throw new Error('it ends in a backslash')
    if (character === 'b') return { kind: 'assert', what: 'boundary' }
    if (character === 'B') return { kind: 'assert', what: 'no boundary' }
    if (/[1-9]/.test(character)) throw new Error('back-references do not exist here')
    return { kind: 'character', test: CLASSES[character] ?? literal(CONTROLS[character] ?? character) }
  }

  const set = (): Test => {
    const negated = accept('^')
    const tests: Test[] = []
    while (tests.length === 0 || peek() !== ']') {
      if (peek() === undefined) throw new Error('a "[" is not closed')
      tests.push(member())
    }
    take()
    return (character) => tests.some((test) => test(character)) !== negated
  }

  const member = (): Test => {
    const from = take()!
    const special = from === '\\' ? take() : undefined
    if (special && CLASSES[special]) return CLASSES[special]
    const first = special ? (CONTROLS[special] ?? special) : from
    if (peek() !== '-' || input[at + 1] === ']' || input[at + 1] === undefined) return literal(first)
    take()
    const last = accept('\\') ? take()! : take()!
    if (last < first) throw new Error(`the range ${first}-${last} is the wrong way round`)
    const within: Test = (character) => character >= first && character <= last
    return ignoreCase
      ? (character) => within(character.toLowerCase()) || within(character.toUpperCase())
      : within
  }

  const literal = (wanted: string): Test => {
    if (!ignoreCase) return (character) => character === wanted
    const lower = wanted.toLowerCase()
    return (character) => character.toLowerCase() === lower
  }

  const whole = either()
  if (at < input.length) throw new Error('a ")" has no "("')
  return whole
}

const isWord = (character: string | undefined) => character !== undefined && /^\w$/.test(character)
const CLASSES: Record<string, Test> = {
  d: (character) => /^\d$/.test(character),
  D: (character) => !/^\d$/.test(character),
  w: isWord,
  W: (character) => !isWord(character),
  s: (character) => /^\s$/.test(character),
  S: (character) => !/^\s$/.test(character),
}
const CONTROLS: Record<string, string> = { t: '\t', n: '\n', r: '\r' }
