/** The whole of the model: a request goes in, an answer comes out, and the same request always has the same answer. */
import { asksForAssessment, assessmentOf } from '../conversation/assessment.ts'
import { type Item, readConversation } from '../conversation/conversation.ts'
import { knownFiles } from '../conversation/known-files.ts'
import { asksForSummary, isFromBaton, summaryOf } from '../conversation/summary.ts'
import { fingerprint } from '../protocol/events.ts'
import type { MessagesRequest, Piece } from '../protocol/messages.ts'
import type { Answer, Script } from '../script/script.ts'
import { type Context, call, callsIn, say } from './computed.ts'
import { continueRequest, type NextReply, type Underway } from './continue.ts'
import { type Match, matchRequest } from './match.ts'
import { whatCanBeRehearsed } from './unknown.ts'

export function answerTo({ messages }: MessagesRequest, scripts: Script[], isRepeated = false): NextReply {
  const items = readConversation(messages)
  if (asksForAssessment(items)) return { pieces: [{ kind: 'say', text: assessmentOf(items) }] }
  if (asksForSummary(items)) return { pieces: [{ kind: 'say', text: summaryOf(items) }] }
  const tag = fingerprint(messages, 8)
  const pieces: Piece[] = []
  let settings: Omit<NextReply, 'pieces'> = {}
  let isSilent = false
  for (const open of openRequests(items, scripts)) {
    const next = continueRequest(underway(open, items, scripts, tag), isRepeated)
    if (!next) continue
    const { pieces: more, ...rest } = next
    pieces.push(...more)
    settings = rest
    // An answer without a tool would end the run: what was asked meanwhile must begin in the same one.
    if (rest.fault || rest.breaks || more.some(({ kind }) => kind === 'call')) break
    isSilent ||= more.length === 0
  }
  if (pieces.length === 0 && !settings.fault && !isSilent) pieces.push({ kind: 'say', text: NOTHING_LEFT })
  return { ...settings, pieces }
}

const NOTHING_LEFT = 'That is all there is to do.'

type Open = { match: Match | null; at: number }

/** What is to be answered now: the newest request, and before it those that were at work when it came. */
function openRequests(items: Item[], scripts: Script[]): Open[] {
  let open: Open[] = []
  items.forEach((item, at) => {
    if (item.kind !== 'user') return
    const before = items.slice(0, at)
    const living = open.filter((one) => isAtWork(one, before, scripts))
    const match = meaningOf(item.text, scripts, currentScript(before, scripts))
    if (match) open = [...(item.midway ? living : []), { match, at }]
    // What means nothing to us while something is at work is a notice, or a "go on".
    else open = living.length > 0 ? living : [{ match: null, at }]
  })
  return open
}

/** Of what Baton itself says, only an error that a script mends is something to answer. */
function meaningOf(text: string, scripts: Script[], current: Script | null): Match | null {
  if (!isFromBaton(text)) return matchRequest(text, scripts, current)
  const match = /\berror|buil[dt]/i.test(text) ? matchRequest(text, scripts, current) : null
  return match?.kind === 'scripted' && match.request.kind === 'change' ? match : null
}

function isAtWork(open: Open, items: Item[], scripts: Script[]): boolean {
  const next = continueRequest(underway(open, items, scripts, ''))
  return next !== null && next.pieces.length > 0
}

function underway({ match, at }: Open, items: Item[], scripts: Script[], tag: string): Underway {
  const before = items.slice(0, at)
  const since = items.slice(at + 1)
  const current = currentScript(before, scripts)
  const shared = { items: since, history: items, tag }
  if (match?.kind === 'scripted') {
    const { slug, answers } = match.request
    return { ...shared, slug, answers: isInPlace(answers, before) ? [ALREADY_SO] : answers }
  }
  if (match?.kind !== 'computed') {
    const text = whatCanBeRehearsed(wishAt(items, at), { scripts, current })
    return { ...shared, slug: 'unknown', answers: [{ parts: [say(text)] }] }
  }
  const { request } = match
  const unseen = request.needs.filter((path) => !knownFiles(before).has(path))
  const looks: Answer[] = unseen.length > 0 ? [{ parts: [say(LOOKING), ...unseen.map(readIt)] }] : []
  const files = knownFiles([...before, ...callsIn(since).filter(({ name }) => name === 'read_file')])
  const context: Context = { match: match.match, files, before, scripts, current }
  return { ...shared, slug: request.slug, answers: [...looks, ...request.answers(context)] }
}

function wishAt(items: Item[], at: number): string {
  const item = items[at]
  return item?.kind === 'user' ? item.text : ''
}

const LOOKING = 'I look at what is there first.'
const ALREADY_SO: Answer = {
  parts: [say('That is in the app already, so there is nothing for me to change.')],
}
const readIt = (path: string) => call('read_file', { path })

/** A change whose every edit is in the files already. */
function isInPlace(answers: Answer[], before: Item[]): boolean {
  const edits = answers.flatMap(({ parts }) => parts.flatMap((part) => (part.kind === 'edit' ? [part] : [])))
  const files = knownFiles(before)
  return (
    edits.length > 0 &&
    edits.every(({ path, edits }) =>
      edits.every(({ replace }) => replace.trim() && files.get(path)?.includes(replace)),
    )
  )
}

/** The app that was asked for last; after a compaction, the one that a tool call speaks of. */
function currentScript(items: Item[], scripts: Script[]): Script | null {
  let current: Script | null = null
  for (const item of items) {
    const slug: string | undefined = item.kind === 'call' ? item.id.split('_')[1] : undefined
    const built: Script | undefined =
      item.kind === 'user'
        ? buildAskedFor(item.text, scripts, current)
        : scripts.find(
            (script) => script.app !== null && script.requests.some((request) => request.slug === slug),
          )
    current = built ?? current
  }
  return current
}

function buildAskedFor(text: string, scripts: Script[], current: Script | null): Script | undefined {
  const match = meaningOf(text, scripts, current)
  return match?.kind === 'scripted' && match.request.kind === 'build' ? match.script : undefined
}
