import { expect, test } from 'vitest'
import type { BatonEvent, Run } from '../../supabase/functions/_shared/protocol.ts'
import { applyRunEvent, applyRunListEvent, type RunState } from './run-changes.ts'

const run = (id: string, created_at: string, state = 'running') => ({ id, created_at, state }) as Run
const event = (kind: string, payload: object) => ({ kind, payload, seq: 9 }) as unknown as BatonEvent
const START: RunState = { seq: 1, run: run('r', '1'), turns: [], tool_calls: [] }

test('a new run comes first, and one that changes stays where it is', () => {
  const list = { seq: 1, runs: [run('b', '2'), run('a', '1')], more: false }
  const grown = applyRunListEvent(list, event('run.changed', run('c', '3')))
  expect(grown.runs.map(({ id }) => id)).toEqual(['c', 'b', 'a'])
  const changed = applyRunListEvent(grown, event('run.changed', run('b', '2', 'completed')))
  expect(changed.runs.map(({ id, state }) => `${id} ${state}`)).toEqual([
    'c running',
    'b completed',
    'a running',
  ])
})

test('an old run that is retried does not jump into the newest', () => {
  const list = { seq: 1, runs: [run('b', '2')], more: true }
  expect(applyRunListEvent(list, event('run.changed', run('a', '1')))).toBe(list)
})

test('turns and calls of the run are followed, those of others are not', () => {
  const opened = applyRunEvent(START, event('turn.opened', { id: 't', run_id: 'r', state: 'streaming' }))
  const closed = applyRunEvent(
    opened,
    event('turn.closed', { id: 't', run_id: 'r', state: 'closed', stop_reason: 'end_turn', entries: [] }),
  )
  expect(closed.turns).toEqual([{ id: 't', run_id: 'r', state: 'closed', stop_reason: 'end_turn' }])
  expect(applyRunEvent(closed, event('turn.opened', { id: 'x', run_id: 'other' }))).toBe(closed)
  expect(applyRunEvent(closed, event('tool.changed', { id: 'x', run_id: 'other' }))).toBe(closed)
})

test('the input of a call is kept once it is known, and unknown when it was only typed', () => {
  const call = (state: string, more = {}) => event('tool.changed', { id: 'c', run_id: 'r', state, ...more })
  const pending = applyRunEvent(START, call('pending', { input: {} }))
  const running = applyRunEvent(pending, call('running', { closed_at: 'now' }))
  expect(running.tool_calls).toEqual([{ id: 'c', run_id: 'r', state: 'running' }])
  const known = applyRunEvent(pending, call('running', { input: { path: 'a' } }))
  expect(applyRunEvent(known, call('complete')).tool_calls[0]).toMatchObject({
    state: 'complete',
    input: { path: 'a' },
  })
})
