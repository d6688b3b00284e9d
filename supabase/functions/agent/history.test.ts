import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Entry, ToolCall } from '../_shared/protocol.ts'
import { buildRequest, hashOf, metaFor, thinkingOrigin } from './history.ts'
import { validateHistory } from './validate-history.ts'

const META = metaFor('claude-sonnet-5-5')
const signed = { signature: 'signed', origin: thinkingOrigin(META) }

type Part =
  | { kind: 'message'; text: string }
  | { kind: 'notice'; text: string }
  | {
      kind: 'answer'
      thinks: boolean
      says: string
      calls: ('complete' | 'error' | 'cancelled')[]
      results: string
    }

const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
  .filter((value) => value.trim() !== '')
const answer = fc.record({
  kind: fc.constant('answer' as const),
  thinks: fc.boolean(),
  says: text,
  calls: fc.array(fc.constantFrom('complete' as const, 'error' as const, 'cancelled' as const), {
    maxLength: 4,
  }),
  results: fc.string({ maxLength: 20 }),
})
const spoken = fc.oneof(
  fc.record({ kind: fc.constant('message' as const), text: fc.string({ maxLength: 20 }) }),
  fc.record({ kind: fc.constant('notice' as const), text }),
)
/** As the database keeps it: an answer without calls is followed by a word to the model. */
const conversation = fc
  .tuple(spoken, fc.array(fc.tuple(answer, fc.array(spoken, { maxLength: 2 })), { maxLength: 8 }), spoken)
  .map(([first, rounds, last]) => [
    first,
    ...rounds.flatMap(([said, after]): Part[] =>
      after.length === 0 && said.calls.length === 0
        ? [said, { kind: 'notice', text: 'Go on.' }]
        : [said, ...after],
    ),
    last,
  ])

function rowsOf(parts: Part[]): Entry[] {
  const row = (turn: number, index: number, kind: Entry['kind'], more: Partial<Entry>): Entry => ({
    id: `${turn}.${index}`,
    chat_id: 'chat',
    run_id: 'run',
    turn_id: null,
    turn,
    index,
    kind,
    text: '',
    data: {},
    state: 'closed',
    in_history: true,
    author: null,
    created_at: '',
    closed_at: '',
    tool_call: null,
    ...more,
  })
  return parts.flatMap((part, turn) => {
    if (part.kind !== 'answer') return [row(turn, 0, part.kind, { text: part.text })]
    return [
      ...(part.thinks ? [row(turn, 0, 'thinking', { text: 'Hm.', data: signed })] : []),
      row(turn, 1, 'text', { text: part.says }),
      ...part.calls.map((state, at) => {
        const tool_call = {
          api_id: `toolu_${turn}_${at}`,
          name: 'read_file',
          input: { path: 'a' },
          state,
          is_error: state !== 'complete',
          result: part.results,
        } as unknown as ToolCall
        return row(turn, at + 2, 'tool_use', { tool_call })
      }),
    ]
  })
}

test('whatever is said, the request keeps every rule of the API', () => {
  fc.assert(
    fc.property(conversation, (parts) => {
      expect(validateHistory(buildRequest(rowsOf(parts), META))).toEqual([])
    }),
    { numRuns: 500 },
  )
})

test('the same rows give the same bytes, and a longer conversation begins with the bytes of the shorter', () => {
  const unmarked = (rows: Entry[]) =>
    JSON.stringify(buildRequest(rows, META).messages).replaceAll(',"cache_control":{"type":"ephemeral"}', '')
  fc.assert(
    fc.property(conversation, fc.nat(), (parts, at) => {
      const rows = rowsOf(parts)
      expect(hashOf(buildRequest(structuredClone(rows), META))).toBe(hashOf(buildRequest(rows, META)))
      const spoken = rows.filter(({ kind }) => kind === 'message' || kind === 'notice')
      const cut = spoken[at % spoken.length]!
      const shorter = unmarked(rows.filter(({ turn }) => turn <= cut.turn))
      expect(unmarked(rows).startsWith(shorter.slice(0, -'}]}]'.length))).toBe(true)
    }),
    { numRuns: 300 },
  )
})

test('the validator sees what is wrong', () => {
  const rows = rowsOf([
    { kind: 'message', text: 'Hi' },
    { kind: 'answer', thinks: true, says: 'Yes', calls: ['complete', 'error'], results: 'r' },
    { kind: 'message', text: 'On' },
  ])
  type Messages = { role: string; content: Record<string, unknown>[] }[]
  const broken = (change: (messages: Messages) => void) => {
    const request = structuredClone(buildRequest(rows, META))
    change(request.messages as unknown as Messages)
    return validateHistory(request).join('; ')
  }
  expect(broken(() => {})).toBe('')
  expect(broken((all) => all.pop())).toMatch('the last message is from the assistant')
  expect(broken((all) => all.shift())).toMatch('the first message is not from the user')
  expect(broken((all) => all[2]!.content.shift())).toMatch('toolu_1_0 has no result')
  expect(broken((all) => all[2]!.content.reverse())).toMatch('results must come before all else')
  expect(broken((all) => all[1]!.content.splice(2))).toMatch('which was not called')
  expect(broken((all) => all[1]!.content.push({ type: 'thinking', thinking: '', signature: 'x' }))).toMatch(
    'ends in thinking',
  )
  expect(broken((all) => Object.assign(all[1]!.content[0]!, { signature: '' }))).toMatch(
    'without a signature',
  )
  expect(broken((all) => Object.assign(all[1]!.content[1]!, { text: ' \n' }))).toMatch('without a visible')
  expect(broken((all) => Object.assign(all[1]!.content[2]!, { id: 'toolu_1_1' }))).toMatch('used twice')
  expect(broken((all) => Object.assign(all[1]!.content[1]!, { text: '\ud800' }))).toMatch('surrogate')
  expect(broken((all) => all.push({ role: 'user', content: [{ type: 'text', text: 'x' }] }))).toMatch(
    'follow each other',
  )
})

test('thinking goes back only to the model that thought it, after the instructions that it had', () => {
  const rows = rowsOf([
    { kind: 'message', text: 'Hi' },
    { kind: 'answer', thinks: true, says: 'Yes', calls: [], results: '' },
    { kind: 'message', text: 'On' },
  ])
  const types = (meta: typeof META) => JSON.stringify(buildRequest(rows, meta)).includes('"type":"thinking"')
  expect(types(META)).toBe(true)
  expect(types(metaFor('claude-opus-5-5'))).toBe(false)
  expect(types({ ...META, prompt: 'another' })).toBe(false)
  expect(types(metaFor('claude-sonnet-5-5', true))).toBe(false)
})

test('the ends of this request and of the one before are marked for the cache, and the instructions', () => {
  const rows = rowsOf([
    { kind: 'message', text: 'Hi' },
    { kind: 'answer', thinks: false, says: 'Yes', calls: ['complete'], results: 'r' },
    { kind: 'answer', thinks: false, says: 'Yes', calls: ['complete', 'complete'], results: 'r' },
  ])
  const { system, messages } = buildRequest(rows, META)
  const marked = messages.flatMap(({ content }, at) =>
    (content as { cache_control?: object }[]).flatMap((block, index) =>
      block.cache_control ? [`${at}.${index}`] : [],
    ),
  )
  expect(marked).toEqual(['2.0', '4.1'])
  expect(JSON.stringify(system)).toContain('cache_control')
})

test('a call without a result cannot be sent', () => {
  const rows = rowsOf([
    { kind: 'message', text: 'Hi' },
    { kind: 'answer', thinks: false, says: 'Yes', calls: ['complete'], results: 'r' },
  ])
  rows.at(-1)!.tool_call!.state = 'running'
  expect(() => buildRequest(rows, META)).toThrow('still running')
})

test('a model is asked only for what it can do', () => {
  const rows = rowsOf([{ kind: 'message', text: 'Hi' }])
  const asked = (model: string) => buildRequest(rows, metaFor(model))
  expect(asked('claude-sonnet-5-5')).toMatchObject({ thinking: { type: 'adaptive', display: 'summarized' } })
  expect(asked('claude-haiku-4-5')).toMatchObject({ thinking: { type: 'enabled', budget_tokens: 4_096 } })
  expect(Object.keys(asked('llama'))).toEqual([
    'model',
    'max_tokens',
    'tools',
    'system',
    'messages',
    'stream',
  ])
  expect(asked('llama').max_tokens).toBe(8_192)
})
