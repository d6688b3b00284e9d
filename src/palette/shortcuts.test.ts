import { expect, test } from 'vitest'
import { type KeyPress, nextStep, type ShortcutName } from './shortcuts.ts'

const plain = (key: string): KeyPress => ({ key, command: false, typing: false })

function press(...presses: KeyPress[]): (ShortcutName | null)[] {
  let first: string | null = null
  return presses.map((one) => {
    const step = nextStep(first, one)
    first = step.first
    return step.name
  })
}

test('G and then a letter goes to a place', () => {
  expect(press(plain('g'), plain('m'))).toEqual([null, 'go-members'])
})

test('a letter alone goes nowhere', () => {
  expect(press(plain('m'))).toEqual([null])
})

test('a wrong second letter forgets the first', () => {
  expect(press(plain('g'), plain('q'), plain('m'))).toEqual([null, null, null])
})

test('a second G starts again', () => {
  expect(press(plain('g'), plain('g'), plain('h'))).toEqual([null, null, 'go-home'])
})

test('the palette opens while typing, a letter does not', () => {
  expect(press({ key: 'k', command: true, typing: true })).toEqual(['palette'])
  expect(press({ key: '?', command: false, typing: true })).toEqual([null])
  expect(press({ key: 'g', command: false, typing: true }, plain('m'))).toEqual([null, null])
})

test('a letter with a command key belongs to the browser', () => {
  expect(press({ key: 'i', command: true, typing: false })).toEqual([null])
})

test('the question mark shows the shortcuts', () => {
  expect(press(plain('?'))).toEqual(['help'])
})
