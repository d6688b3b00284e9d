import { expect, test } from 'vitest'
import type { Entry, Run, RunRows, Stage, ToolCall, Turn } from '../_shared/protocol.ts'
import { nextStep, type Situation } from './next-step.ts'

const entry = (turn: number, kind: Entry['kind'], more: Partial<Entry> = {}): Entry => ({
  id: `${turn}`,
  chat_id: 'chat',
  run_id: 'run',
  turn_id: null,
  turn,
  index: 0,
  kind,
  text: 'words',
  data: {},
  state: 'closed',
  in_history: true,
  author: null,
  created_at: '',
  closed_at: '',
  tool_call: null,
  ...more,
})
const called = (turn: number, input: Record<string, unknown> = {}, result = 'same') =>
  entry(turn, 'tool_use', { tool_call: { name: 'read_file', input, result, state: 'complete' } as ToolCall })
const turn = (number: number, state: Turn['state'] = 'closed') =>
  ({ turn: number, state, usage: null }) as Turn
const call = (state: ToolCall['state']) => ({ id: state, state }) as ToolCall

const situation = (
  history: Entry[],
  rows: Partial<RunRows> = {},
  more: Partial<Situation> = {},
): Situation => ({
  history,
  rows: {
    run: { id: 'run' } as Run,
    stage: {} as Stage,
    turns: [],
    tool_calls: [],
    questions: [],
    queued_messages: 0,
    held: false,
    spent_usd: 0,
    ...rows,
  },
  clock: { startedAt: 0, now: 1_000, wallMs: 150_000 },
  limits: { steps: 40, dollars: 5, windowTokens: 1_000_000 },
  contextTokens: 1_000,
  ...more,
})

const message = entry(0, 'message')
const question = { id: 'question' } as RunRows['questions'][number]

test.for([
  ['a message wants an answer', [message], {}, 'call_model'],
  ['so does a notice', [message, entry(1, 'text'), entry(2, 'notice')], {}, 'call_model'],
  ['and a result', [message, called(1)], {}, 'call_model'],
  ['and one after which the model spoke', [message, called(1), entry(1, 'text')], {}, 'call_model'],
  ['and a summary', [entry(9, 'compaction')], {}, 'call_model'],
  ['an answer without a call is the end', [message, entry(1, 'text')], {}, 'finish'],
  ['nothing to answer is the end', [], {}, 'finish'],
  [
    'a call that waits is run first',
    [message],
    { tool_calls: [call('queued')], questions: [question] },
    'run_tools',
  ],
  [
    'an open question is waited for',
    [message, called(1)],
    { tool_calls: [call('running')], questions: [question], queued_messages: 1 },
    'wait_for_person',
  ],
  [
    'so is the answer to an escalation, even when nothing else is left',
    [message, entry(1, 'text')],
    { held: true, queued_messages: 1 },
    'wait_for_person',
  ],
  [
    'messages are read at the next step',
    [message, entry(1, 'text')],
    { queued_messages: 2 },
    'take_messages',
  ],
] as [string, Entry[], Partial<RunRows>, string][])('%s', ([, history, rows, kind]) => {
  expect(nextStep(situation(history, rows)).kind).toBe(kind)
})

const answered = (count: number) => Array.from({ length: count }, (_, at) => turn(at + 1))

test.for([
  ['too many steps', [message, called(40)], answered(40), 'too_many_steps'],
  ['the same call three times', [message, called(1), called(2), called(3)], answered(3), 'same_call_thrice'],
  [
    'the same, though another was made before',
    [message, called(1, { path: 'x' }), called(2), called(3), called(4)],
    answered(4),
    'same_call_thrice',
  ],
  [
    'the same call with another result each time',
    [message, called(1), called(2, {}, 'new'), called(3)],
    answered(3),
    null,
  ],
  ['the same call three times in one answer', [message, called(1), called(1), called(1)], answered(1), null],
  [
    'the same call, but a person spoke in between',
    [message, called(1), called(2), entry(3, 'message'), called(4)],
    answered(4),
    null,
  ],
  [
    'the same call, but somebody let it go on',
    [message, called(1), called(2), called(3), entry(4, 'notice', { data: { stopped: 'x' } })],
    answered(3),
    null,
  ],
  [
    'a notice of a cut lets nobody go on',
    [message, called(1), called(2), entry(3, 'notice', { data: { reason: 'cut' } }), called(4)],
    answered(4),
    'same_call_thrice',
  ],
  ['many steps before the person spoke again', [message, entry(50, 'message')], answered(49), null],
  [
    'answers that came to nothing do not count',
    [message, called(2)],
    Array.from({ length: 60 }, (_, at) => turn(at, 'abandoned')),
    null,
  ],
] as [string, Entry[], Turn[], string | null][])('%s', ([, history, turns, reason]) => {
  const step = nextStep(situation(history, { turns }))
  expect(step).toMatchObject(reason ? { kind: 'stop', reason } : { kind: 'call_model' })
})

test('between turns a worker hands over before its time is up, and never instead of what costs nothing', () => {
  const clock = { startedAt: 0, now: 91_000, wallMs: 150_000 }
  expect(nextStep(situation([message], {}, { clock })).kind).toBe('hand_over')
  expect(nextStep(situation([message, entry(1, 'text')], {}, { clock })).kind).toBe('finish')
})

test('a conversation that fills three quarters of the window is summed up, one without an answer cannot be', () => {
  const contextTokens = 750_001
  expect(nextStep(situation([message, called(1)], {}, { contextTokens })).kind).toBe('compact')
  expect(nextStep(situation([entry(9, 'compaction'), message], {}, { contextTokens })).kind).toBe(
    'call_model',
  )
})

const lost = (number: number, cut = 'tool_use') =>
  ({
    ...turn(number, 'abandoned'),
    error: { type: 'out_of_time', cut, tool: 'write_file', length: 38_214 },
  }) as Turn
const cutAt = (...numbers: number[]) => numbers.map((number) => lost(number))

test('after two calls in a row that took too long to write, the model is told to write less at once', () => {
  expect(nextStep(situation([message], { turns: cutAt(1) })).kind).toBe('call_model')
  expect(nextStep(situation([message], { turns: cutAt(1, 2) }))).toMatchObject({
    kind: 'advise',
    text: expect.stringContaining(
      'write_file was cut off before its input was whole, the last time after 38214',
    ),
  })
  const told = [message, entry(3, 'notice', { data: { reason: 'smaller_steps' } })]
  expect(nextStep(situation(told, { turns: cutAt(1, 2) })).kind).toBe('call_model')
  expect(nextStep(situation(told, { turns: cutAt(1, 2, 4) })).kind).toBe('call_model')
  expect(nextStep(situation(told, { turns: cutAt(1, 2, 4, 5) })).kind).toBe('advise')
})

test('and is stopped after six, unless something was kept in between or somebody spoke', () => {
  const turns = cutAt(1, 2, 4, 5, 7, 8)
  expect(nextStep(situation([message], { turns }))).toMatchObject({ kind: 'stop', reason: 'out_of_time' })
  const kept = turns.with(2, lost(4, 'text'))
  expect(nextStep(situation([message], { turns: kept })).kind).toBe('advise')
  expect(nextStep(situation([message, entry(6, 'message')], { turns })).kind).toBe('advise')
})

test('a run that has spent its budget since somebody spoke is stopped', () => {
  const spending = (spent_usd: number) => nextStep(situation([message, called(2)], { spent_usd }))
  expect(spending(5)).toMatchObject({ kind: 'stop', reason: 'budget_spent' })
  expect(spending(4.99).kind).toBe('call_model')
})
