import { expect, test } from 'vitest'
import { decisionOf, planOf } from './approval.ts'

test('a decision is read from the result of the call', () => {
  expect(decisionOf('{"approved": true}')).toEqual({ approved: true, note: '' })
  expect(decisionOf('{"approved": false, "note": "Smaller"}')).toEqual({ approved: false, note: 'Smaller' })
})

test('what is no decision is none', () => {
  for (const result of [null, '', 'The question was not answered.', '{}', '{"approved": "yes"}', 'null'])
    expect(decisionOf(result), String(result)).toBeNull()
})

test('of a plan that a model got wrong, the steps that make sense are shown', () => {
  const step = { text: 'Begin', state: 'todo' }
  expect(planOf([step, null, { text: 1 }, { text: 'x', state: 'later' }])).toEqual([step])
  expect(planOf('plan')).toEqual([])
})
