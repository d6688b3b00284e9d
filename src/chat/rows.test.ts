import { expect, test } from 'vitest'
import type { Entry, ToolCall, ToolCallState } from '../../supabase/functions/_shared/protocol.ts'
import { laneState } from './lane-state.ts'
import { isSameRow, rowsOf, rowWith } from './rows.ts'
import { toolTitle } from './tool-title.ts'

const entry = (turn: number, index: number, kind: Entry['kind'], more: Partial<Entry> = {}): Entry => ({
  id: `${turn}.${index}`,
  chat_id: 'chat',
  run_id: 'run',
  turn_id: 'turn',
  turn,
  index,
  kind,
  text: 'words',
  data: {},
  state: 'closed',
  in_history: true,
  author: null,
  created_at: '',
  closed_at: null,
  tool_call: null,
  ...more,
})

const call = (state: ToolCallState, more: Partial<ToolCall> = {}): ToolCall => ({
  id: 'call',
  entry_id: 'entry',
  run_id: 'run',
  turn_id: 'turn',
  chat_id: 'chat',
  api_id: 'toolu',
  name: 'write_file',
  input: { path: 'src/App.tsx' },
  state,
  is_error: state === 'error',
  attempt: 1,
  result: null,
  ended_by: null,
  error: null,
  created_at: '',
  started_at: null,
  ended_at: null,
  ...more,
})

const tool = (turn: number, index: number, state: ToolCallState = 'complete', more: Partial<ToolCall> = {}) =>
  entry(turn, index, 'tool_use', { text: '', tool_call: call(state, more) })

test('calls that stand together share a lane, and text between them stays between them', () => {
  const rows = rowsOf([
    entry(1, 0, 'text'),
    tool(1, 1),
    tool(1, 2),
    entry(1, 3, 'text'),
    tool(1, 4),
    tool(2, 0),
  ])
  expect(rows.map((row) => (row.kind === 'lane' ? row.entries.map(({ id }) => id) : row.kind))).toEqual([
    'text',
    ['1.1', '1.2'],
    'text',
    ['1.4'],
    ['2.0'],
  ])
})

test('a question has a row of its own, and text without a character has none', () => {
  const rows = rowsOf([tool(1, 0, 'running', { name: 'ask_user' }), entry(1, 1, 'text', { text: ' \n' })])
  expect(rows.map(({ kind }) => kind)).toEqual(['question'])
})

test('a row is the same until one of its entries changes', () => {
  const [one, two] = [tool(1, 0, 'running'), tool(1, 1)]
  const [before] = rowsOf([one, two])
  const [same] = rowsOf([one, two])
  const [after] = rowsOf([tool(1, 0, 'complete'), two])
  expect(isSameRow(before!, same!)).toBe(true)
  expect(isSameRow(before!, after!)).toBe(false)
})

test.each<[ToolCallState[], ToolCallState, boolean, string]>([
  [['complete', 'complete'], 'complete', false, '2 steps'],
  [['complete', 'running'], 'running', true, '2 steps · 1 at work'],
  [['error', 'queued'], 'queued', true, '2 steps · 1 at work · 1 failed'],
  [['pending'], 'pending', true, '1 step · 1 at work'],
  [['complete', 'error', 'cancelled'], 'error', false, '3 steps · 1 failed · 1 cancelled'],
  [['complete', 'cancelled'], 'cancelled', false, '2 steps · 1 cancelled'],
])('calls that are %j make a lane that is %s', (states, state, isLive, summary) => {
  const entries = states.map((one, index) => tool(1, index, one))
  expect(laneState(entries)).toMatchObject({ state, isLive, summary })
})

test('a lane took from its first start to its last end', () => {
  const at = (second: number) => `2026-11-01T00:00:0${second}Z`
  const entries = [
    tool(1, 0, 'complete', { started_at: at(1), ended_at: at(3) }),
    tool(1, 1, 'complete', { started_at: at(2), ended_at: at(5) }),
  ]
  expect(laneState(entries).milliseconds).toBe(4_000)
})

test('a call is named while its input is still being typed', () => {
  const typing = entry(1, 0, 'tool_use', {
    text: '{"path": "src/list.tsx", "content": "imp',
    tool_call: call('pending', { input: {} }),
  })
  expect(toolTitle(typing)).toEqual({ verb: 'write', object: 'src/list.tsx' })
  expect(toolTitle(tool(1, 0, 'complete', { name: 'read_errors', input: {} }))).toEqual({
    verb: 'read errors',
    object: '',
  })
})

test('a plan that waits for an approval stands alone, while it is typed too', () => {
  const plan = (more: Partial<Entry>, input = {}) =>
    entry(1, 1, 'tool_use', { ...more, tool_call: call('pending', { name: 'set_plan', input }) })
  const kinds = (...entries: Entry[]) => rowsOf(entries).map(({ kind }) => kind)
  expect(kinds(plan({ text: '{"needs_approval": true, "ite' }))).toEqual(['approval'])
  expect(kinds(plan({ text: '' }, { needs_approval: true, items: [] }))).toEqual(['approval'])
  expect(kinds(plan({ text: '{"items": [' }))).toEqual(['lane'])
})

test('an entry is found in its row, also in a lane', () => {
  const said = entry(1, 0, 'text')
  const step = entry(1, 1, 'tool_use', { tool_call: call('complete') })
  expect([rowWith(rowsOf([said, step]), step.id), rowWith(rowsOf([said, step]), 'gone')]).toEqual([1, -1])
})
