import { expect, test } from 'vitest'
import { BatonError } from '../../supabase/functions/_shared/errors.ts'
import type { BatonEvent, EventPage, Hint } from '../../supabase/functions/_shared/protocol.ts'
import type { Sequenced } from './feed.ts'
import { type Effect, INITIAL, type Input } from './machine.ts'
import { statusOf } from './status.ts'
import { POLL_AFTER_JOIN, POLL_WHEN_LIVE, POLL_WITHOUT_CHANNEL, step } from './step.ts'

type In = Input<Sequenced>
type Out = Effect<Sequenced>

function machine() {
  let state = INITIAL
  const request = () => state.flight?.request ?? -1
  const feed = (input: In): Out[] => {
    const next = step(state, input, () => 0.5)
    state = next.state
    return next.effects
  }
  return {
    feed,
    status: () => statusOf(state).state,
    start: (seq: number | null = null) => feed({ type: 'started', seq, online: true }),
    joined: () => feed({ type: 'joined', join: state.joins }),
    left: (reason: 'disconnected' | 'refused') => feed({ type: 'left', join: state.joins, reason }),
    hint: (seq: number, bare?: 'bare') => feed({ type: 'hinted', hint: bare ? bareHint(seq) : hint(seq) }),
    snapshot: (seq: number) => feed({ type: 'snapshotLoaded', request: request(), snapshot: { seq } }),
    page: (page: EventPage) => feed({ type: 'pageLoaded', request: request(), page }),
    fails: (code: 'BT002' | 'BT003' | 'unknown' = 'unknown') =>
      feed({ type: 'requestFailed', request: request(), failure: failure(code) }),
    due: (timer: 'read' | 'join') => feed({ type: 'due', timer }),
  }
}

function liveAt(seq: number) {
  const it = machine()
  it.start()
  it.snapshot(seq)
  it.joined()
  it.page(pageOf(seq, []))
  it.due('read')
  it.page(pageOf(seq, []))
  return it
}

const hint = (seq: number): Hint => ({
  topic: 'team:1',
  seq,
  kind: 'team.renamed',
  at: '2026-01-01T00:00:00Z',
  payload: { name: `#${seq}` },
})
const bareHint = (seq: number): Hint => {
  const { payload: _, ...bare } = hint(seq)
  return bare
}
const event = (seq: number) => hint(seq) as BatonEvent
const pageOf = (head: number, seqs: number[], reset = false): EventPage => ({
  head,
  reset,
  events: seqs.map(event),
})
const failure = (code: 'BT002' | 'BT003' | 'unknown') => ({
  denied: code !== 'unknown',
  error: new BatonError(code, 'No.'),
})

const kinds = (effects: Out[]) => effects.map(({ type }) => type)
const applied = (effects: Out[]) =>
  effects.flatMap((effect) => (effect.type === 'apply' ? effect.events.map(({ seq }) => seq) : []))
const delayOf = (timer: 'read' | 'join', effects: Out[]) =>
  effects.find((effect) => effect.type === 'schedule' && effect.timer === timer)

test('joins the channel and loads the snapshot at the same time', () => {
  expect(kinds(machine().start())).toEqual(expect.arrayContaining(['join', 'loadSnapshot']))
})

test('starts from the snapshot of an earlier feed and reads only what is new', () => {
  expect(machine().start(8)).toContainEqual({ type: 'readEvents', request: 1, after: 8 })
})

test('a channel that is joined while the snapshot loads leads to a read after it', () => {
  const it = machine()
  it.start()
  it.joined()
  expect(it.snapshot(3)).toContainEqual({ type: 'readEvents', request: 2, after: 3 })
  expect(it.status()).toBe('catching-up')
  it.page(pageOf(3, []))
  expect(it.status()).toBe('live')
})

test('a channel that is joined again leads to a read at once', () => {
  const it = liveAt(3)
  it.left('disconnected')
  expect(it.status()).toBe('catching-up')
  expect(it.joined()).toContainEqual(expect.objectContaining({ type: 'readEvents', after: 3 }))
})

test('the next event is applied as it comes, without a question', () => {
  const it = liveAt(3)
  const effects = it.hint(4)
  expect(applied(effects)).toEqual([4])
  expect(kinds(effects)).toEqual(['apply'])
  expect(it.status()).toBe('live')
})

test('a repeated or old hint does nothing', () => {
  const it = liveAt(3)
  expect([it.hint(3), it.hint(1)]).toEqual([[], []])
})

test('an early event waits until the gap before it was read', () => {
  const it = liveAt(3)
  const early = it.hint(6)
  expect(applied(early)).toEqual([])
  expect(early).toContainEqual(expect.objectContaining({ type: 'readEvents', after: 3 }))
  expect(applied(it.page(pageOf(5, [4, 5])))).toEqual([4, 5, 6])
})

test('an event that fills the gap while the read is under way is applied once', () => {
  const it = liveAt(3)
  it.hint(5)
  expect(applied(it.hint(4))).toEqual([4, 5])
  expect(applied(it.page(pageOf(5, [4, 5])))).toEqual([])
  expect(it.status()).toBe('live')
})

test('a hint without its payload leads to a read', () => {
  const it = liveAt(3)
  expect(it.hint(4, 'bare')).toContainEqual(expect.objectContaining({ type: 'readEvents', after: 3 }))
})

test('one request at a time; what was heard meanwhile and did not come with it is read next', () => {
  const it = liveAt(3)
  it.hint(4, 'bare')
  expect(kinds(it.hint(5, 'bare'))).toEqual([])
  const effects = it.page(pageOf(4, [4]))
  expect(applied(effects)).toEqual([4])
  expect(effects).toContainEqual(expect.objectContaining({ type: 'readEvents', after: 4 }))
})

test('a hint of an event that does not exist costs one read', () => {
  const it = liveAt(3)
  expect(kinds(it.hint(1_000_000, 'bare'))).toContain('readEvents')
  expect(kinds(it.page(pageOf(3, [])))).toEqual(['schedule'])
  expect(it.status()).toBe('live')
})

test('more events than fit a page are read page by page until the head', () => {
  const it = liveAt(0)
  it.hint(5, 'bare')
  expect(kinds(it.page(pageOf(5, [1, 2])))).toContain('readEvents')
  expect(kinds(it.page(pageOf(5, [3, 4])))).toContain('readEvents')
  expect(kinds(it.page(pageOf(5, [5])))).toEqual(['apply', 'schedule'])
})

test('a reset leads to a new snapshot, and a second one in a row waits', () => {
  const it = liveAt(3)
  it.hint(9, 'bare')
  expect(kinds(it.page(pageOf(9, [], true)))).toContain('loadSnapshot')
  it.hint(10, 'bare')
  expect(it.snapshot(9)).toContainEqual(expect.objectContaining({ type: 'readEvents', after: 9 }))
  const effects = it.page(pageOf(9, [], true))
  expect(kinds(effects)).not.toContain('loadSnapshot')
  expect(delayOf('read', effects)).toMatchObject({ delay: 375 })
  expect(kinds(it.due('read'))).toContain('loadSnapshot')
  expect(kinds(it.snapshot(9))).toContain('readEvents')
  expect(delayOf('read', it.page(pageOf(9, [], true)))).toMatchObject({ delay: 750 })
})

test('a log that promises events and gives none, or became shorter, leads to a new snapshot', () => {
  const promising = liveAt(3)
  promising.hint(9, 'bare')
  expect(kinds(promising.page(pageOf(9, [])))).toContain('loadSnapshot')
  const shorter = liveAt(3)
  shorter.feed({ type: 'woken' })
  expect(kinds(shorter.page(pageOf(2, [])))).toContain('loadSnapshot')
})

test('an event heard while the snapshot loads is applied on top of it', () => {
  const it = machine()
  it.start()
  it.joined()
  expect(applied([...it.hint(3), ...it.hint(5), ...it.hint(4)])).toEqual([])
  expect(applied(it.snapshot(3))).toEqual([4, 5])
})

test('failures wait longer each time, hints do not hurry them, waking does', () => {
  const it = liveAt(3)
  it.feed({ type: 'woken' })
  const first = delayOf('read', it.fails())
  expect(kinds(it.hint(9, 'bare'))).toEqual([])
  it.due('read')
  const second = delayOf('read', it.fails())
  expect([first, second]).toMatchObject([{ delay: 375 }, { delay: 750 }])
  expect(kinds(it.feed({ type: 'woken' }))).toContain('readEvents')
})

test('the failure is shown after three attempts, or at once when there is nothing else to show', () => {
  const it = liveAt(3)
  it.feed({ type: 'woken' })
  const shown = [1, 2, 3].map(() => {
    it.fails()
    const status = it.status()
    it.due('read')
    return status
  })
  expect(shown).toEqual(['live', 'live', 'failed'])
  it.page(pageOf(3, []))
  expect(it.status()).toBe('live')

  const empty = machine()
  empty.start()
  empty.fails()
  expect(empty.status()).toBe('failed')
})

test('the answer to a question that was given up changes nothing', () => {
  const it = liveAt(3)
  it.feed({ type: 'woken' })
  const late = [
    { type: 'pageLoaded', request: 1, page: pageOf(9, [4]) },
    { type: 'snapshotLoaded', request: 1, snapshot: { seq: 9 } },
    { type: 'requestFailed', request: 1, failure: failure('BT003') },
  ] satisfies In[]
  expect(late.map((input) => it.feed(input))).toEqual([[], [], []])
})

test('a refused join asks the table, and comes again after five seconds or more', () => {
  const it = liveAt(3)
  const first = it.left('refused')
  expect(kinds(first)).toEqual(expect.arrayContaining(['leave', 'readEvents']))
  expect(delayOf('join', first)).toMatchObject({ delay: 7_500 })
  it.page(pageOf(3, []))
  expect(kinds(it.due('join'))).toContain('join')
  expect(delayOf('join', it.left('refused'))).toMatchObject({ delay: 15_000 })
})

test('news of an earlier channel is ignored', () => {
  const it = liveAt(3)
  it.left('refused')
  it.due('join')
  expect(it.feed({ type: 'left', join: 1, reason: 'refused' })).toEqual([])
  expect(it.feed({ type: 'joined', join: 1 })).toEqual([])
})

test('a new token brings a refused channel back at once, and leaves a joined one alone', () => {
  const it = liveAt(3)
  expect(it.feed({ type: 'tokenChanged' })).toEqual([])
  it.left('refused')
  expect(kinds(it.feed({ type: 'tokenChanged' }))).toContain('join')
})

test.each(['BT002', 'BT003'] as const)('%s ends everything and removes what is on screen', (code) => {
  const it = liveAt(3)
  it.feed({ type: 'accessDoubted' })
  expect(kinds(it.fails(code))).toEqual(expect.arrayContaining(['leave', 'cancel', 'remove']))
  expect(it.status()).toBe('denied')
  expect([it.hint(4), it.joined(), it.due('read'), it.due('join')]).toEqual([[], [], [], []])
})

test('doubt about access during a read leads to another one after it', () => {
  const it = liveAt(3)
  it.feed({ type: 'woken' })
  it.feed({ type: 'accessDoubted' })
  expect(kinds(it.page(pageOf(3, [])))).toContain('readEvents')
})

test('nothing is asked while offline, and at once when online', () => {
  const it = liveAt(3)
  it.feed({ type: 'offline' })
  expect(it.status()).toBe('offline')
  expect(kinds([...it.due('read'), ...it.hint(9, 'bare')])).not.toContain('readEvents')
  expect(kinds(it.feed({ type: 'online' }))).toContain('readEvents')
})

test('looks once more soon after joining, then slowly, and more often without a channel', () => {
  const it = machine()
  it.start()
  it.snapshot(3)
  it.joined()
  expect(delayOf('read', it.page(pageOf(3, [])))).toMatchObject({ delay: POLL_AFTER_JOIN })
  it.due('read')
  expect(delayOf('read', it.page(pageOf(3, [])))).toMatchObject({ delay: POLL_WHEN_LIVE })
  expect(delayOf('read', it.left('disconnected'))).toMatchObject({ delay: POLL_WITHOUT_CHANNEL })
})

test('a channel that keeps failing to come back does not put off the next look', () => {
  const it = liveAt(3)
  it.left('disconnected')
  expect(it.left('disconnected')).toEqual([])
})

test('a fold that breaks starts again from a new snapshot, after a while', () => {
  const it = liveAt(3)
  expect(delayOf('read', it.feed({ type: 'applyFailed', failure: failure('unknown') }))).toBeDefined()
  expect(applied(it.hint(4))).toEqual([])
  expect(kinds(it.due('read'))).toContain('loadSnapshot')
})

test('stopped means silent', () => {
  const it = liveAt(3)
  expect(kinds(it.feed({ type: 'stopped' }))).toEqual(expect.arrayContaining(['leave', 'cancel']))
  expect([it.hint(4), it.joined(), it.due('read'), it.feed({ type: 'stopped' })]).toEqual([[], [], [], []])
})
