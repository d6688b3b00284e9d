import { expect, test } from 'vitest'
import type { Entry, ToolCall, Turn } from '../_shared/protocol.ts'
import { estimateTokens, keepsFrom, summaryRequest } from './compaction.ts'
import { buildRequest, metaFor } from './history.ts'
import { NO_USAGE } from './prices.ts'
import { validateHistory } from './validate-history.ts'

const entry = (turn: number, kind: Entry['kind'], text = '', more: Partial<Entry> = {}): Entry =>
  ({ id: `${turn}`, turn, index: 0, kind, text, data: {}, tool_call: null, ...more }) as Entry
const call = (turn: number, result: string) =>
  entry(turn, 'tool_use', '', {
    tool_call: { api_id: `t${turn}`, name: 'x', input: {}, state: 'complete', result } as unknown as ToolCall,
  })
const turn = (number: number, input_tokens: number) =>
  ({ turn: number, usage: { ...NO_USAGE, input_tokens, output_tokens: 10 } }) as unknown as Turn

test('a request is about as long as the last one and what was said since', () => {
  const history = [
    entry(0, 'message', 'x'.repeat(320_000)),
    call(1, 'y'.repeat(3_200)),
    entry(2, 'message', 'z'.repeat(320)),
  ]
  expect(estimateTokens(history, [turn(1, 5_000)])).toBe(5_010 + 1_000 + 100)
  expect(estimateTokens(history, [])).toBeGreaterThan(100_000)
})

test('what a turn before a summary cost says nothing about the length after it', () => {
  expect(estimateTokens([entry(9, 'compaction', 'short')], [turn(8, 900_000)])).toBeLessThan(6_000)
})

test('what people said and nobody answered stays as they said it', () => {
  const message = entry(5, 'message', 'And now?')
  expect(keepsFrom([entry(0, 'message'), entry(1, 'text'), message])).toBe(5)
  expect(keepsFrom([entry(0, 'message'), call(1, 'r')])).toBeNull()
  expect(keepsFrom([entry(0, 'message')])).toBe(0)
})

test('the summary is asked for at the end of the same request', () => {
  const request = buildRequest([entry(0, 'message', 'Hi'), call(1, 'r')], metaFor('claude-sonnet-5-5'))
  const asked = summaryRequest(request, true)
  expect(validateHistory(asked)).toEqual([])
  const unended = JSON.stringify(request.messages).slice(0, -'}]'.length - 1)
  expect(JSON.stringify(asked.messages).startsWith(unended)).toBe(true)
  expect(summaryRequest(request, false).tool_choice).toEqual({ type: 'none' })
})
