import { expect, test } from 'vitest'
import type { Entry, ToolCall, ToolCallState } from '../../supabase/functions/_shared/protocol.ts'
import { writingsOf } from './writing.ts'

const INPUT = { path: './src/App.tsx', content: 'export const a = 1\n' }
const JSON_TEXT = JSON.stringify(INPUT)

function entry(
  id: string,
  state: ToolCallState,
  more: Partial<ToolCall> & { text?: string; turn?: number } = {},
) {
  const { text = '', turn = 1, ...call } = more
  return {
    id,
    turn,
    text,
    state: state === 'pending' ? 'open' : 'closed',
    tool_call: { id: `call-${id}`, name: 'write_file', input: {}, state, ...call },
  } as unknown as Entry
}

test('a file appears when its path is whole, and grows with its content', () => {
  const at = (cut: number) => writingsOf([entry('a', 'pending', { text: JSON_TEXT.slice(0, cut) })])
  expect(at(JSON_TEXT.indexOf('App') + 2)).toEqual([])
  expect(at(JSON_TEXT.indexOf('content'))).toMatchObject([{ path: 'src/App.tsx', content: '', isOpen: true }])
  expect(at(JSON_TEXT.indexOf('const'))).toMatchObject([{ content: 'export ' }])
  expect(at(JSON_TEXT.length)).toMatchObject([{ content: INPUT.content }])
})

test('until the call has ended the content stays, from its input', () => {
  expect(writingsOf([entry('a', 'running', { input: INPUT })])).toEqual([
    { toolCallId: 'call-a', path: 'src/App.tsx', content: INPUT.content, isOpen: false },
  ])
  for (const state of ['complete', 'error', 'cancelled'] as const)
    expect(writingsOf([entry('a', state, { input: INPUT })])).toEqual([])
})

test('an edit names its file and shows nothing of it', () => {
  const text = '{"path":"a.css","edits":[{"search":"x'
  expect(writingsOf([entry('a', 'pending', { name: 'edit_file', text })])).toMatchObject([
    { path: 'a.css', content: null },
  ])
})

test('other tools, dropped entries and earlier turns are nothing that is being written', () => {
  const read = entry('a', 'running', { name: 'read_file', input: INPUT })
  const dropped = { ...entry('b', 'pending', { text: JSON_TEXT }), state: 'dropped' } as Entry
  const old = entry('c', 'running', { input: INPUT, turn: 1 })
  expect(writingsOf([old, read, dropped, entry('d', 'running', { input: INPUT, turn: 7 })])).toHaveLength(1)
})
