/** Keeps a conversation within the model's window: the model itself sums up what happened, for people to see. */
import type Anthropic from '@anthropic-ai/sdk'
import type { Entry, Turn } from '../_shared/protocol.ts'
import { attachmentsOf, isImage } from './attachments.ts'
import { isAnswer } from './conversation.ts'
import type { Request } from './history.ts'
import { promptTokens, type Usage } from './prices.ts'

const SHARE_OF_WINDOW = 0.75
const CHARACTERS_PER_TOKEN = 3.2
const TOKENS_OF_AN_IMAGE = 1_600
/** The instructions and the tools. */
const TOKENS_BEFORE_ALL = 5_000

export const isTooLong = (tokens: number, windowTokens: number) => tokens > windowTokens * SHARE_OF_WINDOW

/** What the next request will be about as long as: what the last one was, and what has been said since. */
export function estimateTokens(history: Entry[], turns: Turn[]): number {
  const known = turns.findLast(
    ({ turn, usage }) => usage && promptTokens(usage as Usage) > 0 && isIn(history, turn),
  )
  if (!known) return TOKENS_BEFORE_ALL + sum(history.map(tokensOf))
  const usage = known.usage as Usage
  const since = history.filter(({ turn }) => turn > known.turn)
  const results = history
    .filter(({ turn, kind }) => turn === known.turn && kind === 'tool_use')
    .map(tokensOfResult)
  return promptTokens(usage) + usage.output_tokens + sum(since.map(tokensOf)) + sum(results)
}

/** A turn from before a compaction says nothing about what is sent now. */
const isIn = (history: Entry[], turn: number) =>
  history[0]?.kind === 'compaction' ? turn > history[0].turn : true

function tokensOf(entry: Entry): number {
  const input = entry.tool_call ? JSON.stringify(entry.tool_call.input).length : entry.text.length
  const attached = sum(
    attachmentsOf(entry).map((one) => (isImage(one) ? TOKENS_OF_AN_IMAGE : one.size / CHARACTERS_PER_TOKEN)),
  )
  return Math.ceil(input / CHARACTERS_PER_TOKEN) + attached + tokensOfResult(entry)
}

const tokensOfResult = ({ tool_call }: Entry) =>
  Math.ceil((tool_call?.result?.length ?? 0) / CHARACTERS_PER_TOKEN)

const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0)

/** What people said and nobody answered yet stays as they said it; null when the model was in the middle of its work. */
export function keepsFrom(history: Entry[]): number | null {
  const lastAnswer = history.findLastIndex(isAnswer)
  return history[lastAnswer]?.kind === 'tool_use' ? null : (history[lastAnswer + 1]?.turn ?? null)
}

const INSTRUCTION = `[Baton] This conversation is about to become too long for you to read. Write the summary that will take its place: you will see nothing of what is above but this text. Do not call a tool.

Say, under short headings: what the people want, in their own words where these matter, with every decision and preference; what has been done and how the project is built, file by file where it matters; what was tried and did not work; what is open, and what you were about to do next. Be exact about names and paths. Leave out courtesy and the content of files, which you can read again.`

/** The same request, with one more thing said at its end: so it is read from the cache. */
export function summaryRequest(request: Request, mayCall: boolean): Request {
  const last = request.messages.at(-1)!
  const content = [
    ...(last.content as Anthropic.ContentBlockParam[]),
    { type: 'text' as const, text: INSTRUCTION },
  ]
  return {
    ...request,
    ...(mayCall ? {} : { tool_choice: { type: 'none' as const } }),
    messages: [...request.messages.slice(0, -1), { role: 'user', content }],
  }
}
