import { expect, test } from 'vitest'
import { percent, timeText } from './figures.ts'

test('what nobody knows is not nought', () => {
  expect([timeText(null), timeText(0), timeText(200)]).toEqual(['–', '0 ms', '3 min 20 s'])
  expect([percent(null), percent(0), percent(0.666)]).toEqual(['–', '0 %', '67 %'])
})
