import { describe, expect, test } from 'vitest'
import { Held } from './held.ts'
import { formatLsn, parseLsn } from './lsn.ts'
import { Mailbox } from './mailbox.ts'
import { Progress } from './progress.ts'
import { RateWindow } from './rate-window.ts'

describe('a rate window', () => {
  test('lets a burst pass that its mean allows, and no more', () => {
    const window = new RateWindow(10, 6_000)
    for (let count = 0; count < 60; count++) expect(window.add(1, 1_000)).toBe(true)
    expect(window.add(1, 1_000)).toBe(false)
  })

  test('forgets what is older than the window', () => {
    const window = new RateWindow(1, 6_000)
    window.add(6, 0)
    expect(window.hasRoom(1, 5_400)).toBe(false)
    expect(window.hasRoom(6, 6_000)).toBe(true)
    window.add(6, 1_000_000)
    expect(window.hasRoom(1, 1_000_000)).toBe(false)
  })
})

describe('a mailbox', () => {
  test('runs what answers at once at once, and the rest in order', async () => {
    const order: string[] = []
    let waiting = 0
    let release = () => {}
    const mailbox = new Mailbox((change) => (waiting += change))
    mailbox.post(() => void order.push('first'))
    expect(order).toEqual(['first'])
    mailbox.post(() =>
      new Promise<void>((resolve) => (release = resolve)).then(() => void order.push('slow')),
    )
    mailbox.post(() => void order.push('after'))
    expect(waiting).toBe(1)
    const last = new Promise<void>((resolve) => mailbox.post(resolve))
    release()
    await last
    expect(order).toEqual(['first', 'slow', 'after'])
    expect(waiting).toBe(0)
  })
})

describe('progress in the log', () => {
  test('is settled only as far as all before it is', async () => {
    const progress = new Progress()
    let finish = () => {}
    const work = new Promise<void>((resolve) => (finish = resolve))
    progress.reach(10n)
    progress.reach(20n, [work])
    progress.reach(30n)
    expect(progress.settled).toBe(10n)
    finish()
    await work
    await new Promise((resolve) => setImmediate(resolve))
    expect(progress.settled).toBe(30n)
  })

  test('is written as Postgres writes it', () => {
    expect(parseLsn('16/B374D848')).toBe(0x16b374d848n)
    expect(formatLsn(0x16b374d848n)).toBe('16/B374D848')
    expect(formatLsn(parseLsn('00000001/00000000') - 1n)).toBe('0/FFFFFFFF')
  })
})

describe('what is held for those who return', () => {
  test('is bounded in size, the oldest goes first, and in time', () => {
    const held = new Held<string>(1_000, 10)
    for (const item of ['a', 'b', 'c']) held.add(item, 5, 0)
    expect(held.all(1_000)).toEqual(['b', 'c'])
    expect(held.all(1_001)).toEqual([])
    held.add('d', 5, 1_001)
    expect(held.all(0)).toEqual([])
  })
})
