import { expect, test } from 'vitest'
import { answerOf, answerText, promptOf } from './question-prompt.ts'

const tea = { question: 'Which?', options: [{ label: 'Tea' }, { label: 'Water' }], free_text: true }

test.each([
  ['nothing is chosen', {}, [], ' ', null],
  ['one is chosen', {}, ['Tea'], '', 'Tea'],
  ['only own words are given', {}, [], ' Milk ', 'Milk'],
  ['own words stand beside a choice', {}, ['Tea'], 'cold', ['Tea', 'cold']],
  ['several may be chosen', { multiple: true }, ['Tea'], '', ['Tea']],
  ['own words are not asked for', { free_text: false }, [], 'Milk', null],
])('when %s, the answer follows', (_name, more, chosen, words, answer) => {
  expect(answerOf(promptOf({ ...tea, ...more }), chosen, words)).toEqual(answer)
})

test('a question without options is answered in own words, whatever it says', () => {
  expect(promptOf({ question: 'Why?', free_text: false })).toMatchObject({ options: [], free_text: true })
  expect(promptOf(undefined).question).toBe('')
})

test('an answer is read as people gave it', () => {
  expect(answerText('"Tea"')).toBe('Tea')
  expect(answerText('["Tea","cold"]')).toBe('Tea, cold')
  expect(answerText('plain')).toBe('plain')
})
