/** What the model says next. It follows from the request alone, so that every process and every repetition gets the same. */
import type { Request } from '../../../supabase/functions/agent/history.ts'
import {
  type Block,
  beforeResending,
  blocksOf,
  type Call,
  callsOf,
  keyOf,
  type Script,
  wordings,
} from './script.ts'

/** Said when everything was said, since an answer may not be empty. */
export const FILLER = '∎'

export type Answer = { blocks: Block[]; stopReason: 'tool_use' | 'end_turn' }
export type Told = {
  /** All that the model said, without fillers. */
  text: string
  thoughts: Set<string>
  calls: { id: string; result: string; isError: boolean }[]
  heard: Set<string>
}

export function nextAnswer(whole: Script, request: Request): Answer {
  const told = listen(request)
  if (isToSumUp(request)) return { blocks: [{ kind: 'text', text: summaryOf(told) }], stopReason: 'end_turn' }
  const isBefore = whole.exchanges.some(({ before }) => before && told.heard.has(before.message))
  const script = isBefore ? beforeResending(whole) : whole
  const isNew = newnessOf(script, told)
  const blocks: Block[] = []
  for (const exchange of script.exchanges) {
    if (!wordings(exchange).some((message) => told.heard.has(message))) break
    for (const step of exchange.steps) {
      const rest = step.flatMap(isNew)
      blocks.push(...rest)
      if (rest.some(({ kind }) => kind === 'call')) return { blocks, stopReason: 'tool_use' }
    }
  }
  return { blocks: blocks.length > 0 ? blocks : [{ kind: 'text', text: FILLER }], stopReason: 'end_turn' }
}

/** What is left of a block: of a text that was cut, its end. */
function newnessOf(script: Script, told: Told): (block: Block) => Block[] {
  const done = new Set(lasting(script, told.calls).map(({ id }) => keyOf(id)))
  const lefts = leftOfTexts(script, told.text)
  return (block) => {
    switch (block.kind) {
      case 'call':
        return done.has(block.key) ? [] : [block]
      case 'thinking':
        return told.thoughts.has(block.text) ? [] : [block]
      case 'text': {
        const left = lefts.get(block.text)!
        return left ? [{ kind: 'text', text: left }] : []
      }
    }
  }
}

function leftOfTexts(script: Script, said: string): Map<string, string> {
  let left = said.length
  const lefts = new Map<string, string>()
  for (const { kind, text } of blocksOf(script).filter((block) => block.kind !== 'call')) {
    if (kind !== 'text') continue
    lefts.set(text, text.slice(Math.min(left, text.length)))
    left = Math.max(0, left - text.length)
  }
  return lefts
}

type Ended = Told['calls'][number]

/**
 * Without the calls that came to nothing, since somebody pressed stop or three workers died of them. A call for the same
 * path that came after one of those and failed came to nothing as well: both are made again.
 */
export function lasting(script: Script, calls: Ended[]): Ended[] {
  const known = new Map(callsOf(script).map((call) => [call.key, call]))
  const tainted = new Set<string>()
  return calls.filter((call) => {
    const meant = known.get(keyOf(call.id))
    const isVoid = VOID.test(call.result) || (meant !== undefined && failedFor(meant, call, tainted))
    for (const path of meant?.paths ?? []) isVoid ? tainted.add(path) : tainted.delete(path)
    return !isVoid
  })
}

const VOID = /A person stopped the run before|each time its worker died|The run failed before/
const failedFor = (meant: Call, { isError }: Ended, tainted: Set<string>) =>
  isError && !meant.isError && meant.paths.some((path) => tainted.has(path))

type AnyBlock = { type: string; [field: string]: unknown }

/** The model remembers what it wrote into its summary, and what came after. */
const SUMMARY = 'All that was said:'
const summaryOf = ({ text, thoughts, calls, heard }: Told) =>
  `${SUMMARY}${JSON.stringify({ text, thoughts: [...thoughts], calls, heard: [...heard] })}`

type Summary = Pick<Told, 'text' | 'calls'> & { thoughts: string[]; heard: string[] }
const NOTHING: Summary = { text: '', thoughts: [], calls: [], heard: [] }

function remembered(said: string[]): Summary {
  const summary = said.findLast((text) => text.includes(SUMMARY))
  return summary ? JSON.parse(summary.slice(summary.indexOf(SUMMARY) + SUMMARY.length)) : NOTHING
}

export function isToSumUp({ messages }: Request): boolean {
  const last = (messages.at(-1)!.content as unknown as AnyBlock[]).at(-1)!
  return isInstruction(String(last.text))
}

const isInstruction = (text: string) =>
  text.startsWith('[Baton] This conversation is about to become too long')

function listen({ messages }: Request): Told {
  const blocks = messages.flatMap(({ role, content }) =>
    (content as unknown as AnyBlock[]).map((block) => ({ ...block, role })),
  ) as (AnyBlock & { role: string })[]
  const of = (role: string, type: string) =>
    blocks.filter((block) => block.role === role && block.type === type)
  const results = new Map(of('user', 'tool_result').map((block) => [block.tool_use_id, block]))
  const texts = of('assistant', 'text').map(({ text }) => String(text))
  const heard = of('user', 'text').map(({ text }) => String(text))
  const before = remembered(heard)
  const calls = of('assistant', 'tool_use').map(({ id }) => {
    const { content, is_error } = results.get(id)!
    return { id: String(id), result: String(content), isError: is_error === true }
  })
  return {
    text: before.text + texts.filter((text) => text !== FILLER).join(''),
    thoughts: new Set([
      ...before.thoughts,
      ...of('assistant', 'thinking').map(({ thinking }) => String(thinking)),
    ]),
    heard: new Set([
      ...before.heard,
      ...heard.filter((text) => !text.includes(SUMMARY) && !isInstruction(text)),
    ]),
    calls: [...before.calls, ...calls],
  }
}
