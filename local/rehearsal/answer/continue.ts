/**
 * What comes next in the answer to one request. The only memory is the conversation: each tool call that we make names
 * its place in the script by its id, and what was said is found among what the conversation holds. So an answer that
 * was cut goes on where it ended, a failed tool is tried in another way, and any process gives the same answer.
 */
import type { Call, Item } from '../conversation/conversation.ts'
import { isMissing, type KnownFiles, knownFiles } from '../conversation/known-files.ts'
import type { Piece, Reply } from '../protocol/messages.ts'
import type { Answer, Part } from '../script/script.ts'
import { fitEdits } from './fit.ts'
import { fillIn, givenAnswer } from './given-answer.ts'
import { remainder, type Said } from './remainder.ts'

/** A request with its answers worked out for this conversation. */
export type Underway = {
  slug: string
  answers: Answer[]
  /** Since the request was made. */
  items: Item[]
  /** Since the beginning. */
  history: Item[]
  /** Distinguishes the tool calls of this model call from all others. */
  tag: string
}

const MOST_ATTEMPTS = 3

export type NextReply = Reply & Pick<Answer, 'fault' | 'once'>

/** `isRepeated`: the very same request was answered before, so that a passing fault is over. */
export function continueRequest(underway: Underway, isRepeated = false): NextReply | null {
  const given = givenAnswer(underway.items)
  const said = { texts: underway.items.flatMap((item) => (item.kind === 'said' ? [item.text] : [])), next: 0 }
  for (const [number, answer] of underway.answers.entries()) {
    if (answer.given && !answer.given.test(given)) continue
    if (answer.once && isRepeated) continue
    const { parts, given: _, ...settings } = fillIn({ ...answer, given: undefined }, given)
    if (parts.length === 0) return { ...settings, pieces: [] }
    const { pieces, isStuck, isResumed } = nextPieces(underway, parts, number, said)
    if (answer.once && isResumed) delete settings.breaks
    if (pieces.length > 0) return { ...settings, pieces }
    if (isStuck) return null
  }
  return null
}

type Next = { pieces: Piece[]; isStuck?: boolean; isResumed?: boolean }

function nextPieces(underway: Underway, parts: Part[], number: number, said: Said): Next {
  const files = knownFiles(underway.history)
  const calls = parts.map((part, index) =>
    isSpoken(part) ? null : nextCall(part, attemptsOf(underway, number, index), files),
  )
  const texts = parts.map((part) => (part.kind === 'say' ? remainder(part.text, said) : ''))
  const failure = calls.find((next) => next?.kind === 'give up')
  if (failure?.kind === 'give up') {
    const rest = remainder(failure.reason, said)
    return { pieces: rest ? [{ kind: 'say', text: rest }] : [], isStuck: true }
  }
  const hasCalls = calls.some((next) => next !== null)
  if (hasCalls && calls.every((next) => next === null || next.kind === 'settled')) return { pieces: [] }

  const isFresh = parts.every((part, index) => (part.kind === 'say' ? texts[index] === part.text : true))
  const pieces = parts.flatMap((part, index): Piece[] => {
    if (part.kind === 'think') return isFresh && !hasAttempts(underway, number) ? [part] : []
    if (part.kind === 'say') return texts[index] ? [{ kind: 'say', text: texts[index] }] : []
    return piecesOfCall(
      calls[index]!,
      (mark) => `toolu_${underway.slug}_${number}_${index}_${mark}_${underway.tag}`,
    )
  })
  return { pieces: pieces.some(({ kind }) => kind !== 'think') ? pieces : [], isResumed: !isFresh }
}

const isSpoken = (part: Part) => part.kind === 'say' || part.kind === 'think'

type Attempts = { tries: Call[]; looks: Call[]; last: Call | undefined }

function attemptsOf({ slug, items }: Underway, number: number, index: number): Attempts {
  const made = items.filter(
    (item): item is Call => item.kind === 'call' && item.id.startsWith(`toolu_${slug}_${number}_${index}_`),
  )
  const isLook = ({ id }: Call) => /_look\d+_/.test(id)
  return { tries: made.filter((call) => !isLook(call)), looks: made.filter(isLook), last: made.at(-1) }
}

const hasAttempts = ({ slug, items }: Underway, number: number) =>
  items.some((item) => item.kind === 'call' && item.id.startsWith(`toolu_${slug}_${number}_`))

type NextCall =
  | { kind: 'settled' }
  | { kind: 'make'; name: string; json: string; mark: string; because?: string }
  | { kind: 'give up'; reason: string }

function nextCall(part: Part, attempts: Attempts, files: KnownFiles): NextCall {
  const { tries, last } = attempts
  const lastTry = tries.at(-1)
  if (lastTry && !lastTry.failed) return { kind: 'settled' }
  if (part.kind === 'edit') return nextEdit(part, attempts, files)
  const made = part.kind === 'malformed' ? part.json : JSON.stringify((part as { input: unknown }).input)
  const again: NextCall = {
    kind: 'make',
    name: (part as { name: string }).name,
    json: made,
    mark: `try${tries.length}`,
  }
  if (!lastTry) return again
  if (part.kind === 'malformed' || !REPEATED.has(lastTry.name) || /cancel/i.test(lastTry.result))
    return { kind: 'settled' }
  if (lastTry.name === 'delete_file' && isMissing(lastTry)) return { kind: 'settled' }
  if (tries.length >= MOST_ATTEMPTS) return giveUp(lastTry)
  const path = String((part as { input: { path?: string } }).input.path ?? '')
  if (last === lastTry && isConflict(lastTry)) return look(path, attempts)
  return { ...again, because: `That did not work: ${firstSentence(lastTry.result)} I try it once more.` }
}

/** What only informs is not worth a second try; a change is. */
const REPEATED = new Set(['write_file', 'delete_file', 'move_file'])

const isConflict = ({ result }: Call) => /chang|conflict|version|newer|read it/i.test(result)

function nextEdit({ path, edits }: Part & { kind: 'edit' }, attempts: Attempts, files: KnownFiles): NextCall {
  const { tries, last } = attempts
  const lastTry = tries.at(-1)
  if (lastTry && /cancel/i.test(lastTry.result)) return { kind: 'settled' }
  if (tries.length >= MOST_ATTEMPTS) return giveUp(lastTry!)
  const content = files.get(path)
  if (content === null)
    return { kind: 'give up', reason: `There is no \`${path}\` any more, so I stop here.` }
  if (content === undefined || (lastTry && last === lastTry)) return look(path, attempts)
  const { fitting, lost } = fitEdits(content, edits)
  if (fitting.length === 0 && lost.length === 0) return { kind: 'settled' }
  if (fitting.length === 0) {
    const reason = `\`${path}\` has changed where I wanted to change it, and I would rather not overwrite what somebody made of it. Nothing of it is lost; tell me what it should be now.`
    return { kind: 'give up', reason }
  }
  const json = JSON.stringify({ path, edits: fitting })
  const because = lost.length > 0 ? { because: sayWhatIsLost(path, lost.length) } : {}
  return { kind: 'make', name: 'edit_file', json, mark: `try${tries.length}`, ...because }
}

const sayWhatIsLost = (path: string, places: number) =>
  `\`${path}\` was changed at ${places === 1 ? 'one place' : `${places} places`} that I meant to edit; I leave ${places === 1 ? 'that' : 'those'} as ${places === 1 ? 'it is' : 'they are'} and make the rest of the change.`

function look(path: string, { looks, tries }: Attempts): NextCall {
  if (looks.length >= MOST_ATTEMPTS)
    return { kind: 'give up', reason: `I cannot read \`${path}\`, so I stop here.` }
  const because =
    tries.length > 0
      ? `\`${path}\` is not as I remember it. I read it again.`
      : `I look at \`${path}\` first.`
  return {
    kind: 'make',
    name: 'read_file',
    json: JSON.stringify({ path }),
    mark: `look${looks.length}`,
    because,
  }
}

const giveUp = (call: Call): NextCall => ({
  kind: 'give up',
  reason: `I have tried \`${call.name}\` ${MOST_ATTEMPTS} times and it does not work. The last answer was: ${firstSentence(call.result)} I stop here, so that somebody can have a look.`,
})

const firstSentence = (text: string) => text.split(/(?<=[.!?])\s|\n/)[0]!.trim()

function piecesOfCall(next: NextCall, idOf: (mark: string) => string): Piece[] {
  if (next.kind !== 'make') return []
  const call: Piece = { kind: 'call', id: idOf(next.mark), name: next.name, json: next.json }
  return next.because ? [{ kind: 'say', text: next.because }, call] : [call]
}
