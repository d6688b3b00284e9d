import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inbox, subscribed, type TestRealtime, testRealtime } from './testing/realtime.ts'

let realtime: TestRealtime
beforeAll(async () => {
  realtime = await testRealtime()
})
afterAll(() => realtime[Symbol.asyncDispose]())

const track = (payload: unknown) => ({ type: 'presence', event: 'track', payload })

test.each(['1.0.0', '2.0.0'])('the official client of version %s sees who comes and goes', async (vsn) => {
  const name = `lobby ${vsn}`
  const open = async (key: string) => {
    const client = await realtime.client(null, { vsn })
    const channel = client.channel(name, { config: { presence: { key } } })
    const states = inbox<string>()
    channel.on('presence', { event: 'sync' }, () => {
      const state = channel.presenceState<{ colour: string }>()
      states.add(
        Object.keys(state)
          .sort()
          .map((each) => `${each}:${state[each]!.map(({ colour }) => colour)}`)
          .join(' '),
      )
    })
    await subscribed(channel)
    return { client, channel, until: (text: string) => states.until((all) => all.at(-1) === text) }
  }
  const ann = await open('ann')
  expect(await ann.channel.track({ colour: 'red' })).toBe('ok')
  const bob = await open('bob')
  await bob.until('ann:red')
  await bob.channel.track({ colour: 'blue' })
  await ann.until('ann:red bob:blue')
  await ann.channel.untrack()
  await bob.until('bob:blue')
  await bob.client.realtime.disconnect()
  await ann.until('')
})

// On the wire alone: the client of this version keeps the old meta beside the new one (supabase-js #2565).
test('the state has keys, metas and refs; an update names the ref before', async () => {
  const [one, other] = [await realtime.raw(), await realtime.raw()]
  await one.join('wire', { presence: { key: 'a', enabled: true } })
  expect((await one.next(({ event }) => event === 'presence_state')).payload).toEqual({})
  await one.ask('realtime:wire', 'presence', track({ x: 1 }))
  const joined = await one.next(({ event }) => event === 'presence_diff')
  const ref = joined.payload.joins.a.metas[0].phx_ref
  expect(joined.payload).toEqual({ joins: { a: { metas: [{ x: 1, phx_ref: ref }] } }, leaves: {} })
  await other.join('wire', { presence: { enabled: true } })
  expect((await other.next(({ event }) => event === 'presence_state')).payload).toEqual(joined.payload.joins)
  await one.ask('realtime:wire', 'presence', track({ x: 2 }))
  await other.next(({ event }) => event === 'presence_diff')
  expect(other.of('presence_diff')[0]!.payload).toMatchObject({
    joins: { a: { metas: [{ x: 2, phx_ref_prev: ref }] } },
    leaves: { a: { metas: [{ x: 1, phx_ref: ref }] } },
  })
})

test('a key that is left out is made up', async () => {
  const socket = await realtime.raw()
  await socket.join('keyless', { presence: { enabled: true } })
  await socket.ask('realtime:keyless', 'presence', track({}))
  const { payload } = await socket.next(({ event }) => event === 'presence_diff')
  expect(Object.keys(payload.joins)).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/)])
})

test('who tracks takes part from then on, without the state of before', async () => {
  const [here, late] = [await realtime.raw(), await realtime.raw()]
  await here.join('late', { presence: { key: 'here', enabled: true } })
  await here.ask('realtime:late', 'presence', track({}))
  await late.join('late', { presence: { key: 'late' } })
  await late.ask('realtime:late', 'presence', track({}))
  const { payload } = await late.next(({ event }) => event === 'presence_diff')
  expect(Object.keys(payload.joins)).toContain('late')
  expect(late.of('presence_state')).toEqual([])
})

test('the same payload again is acknowledged and changes nothing', async () => {
  const [one, witness] = [await realtime.raw(), await realtime.raw()]
  await witness.join('same', { presence: { enabled: true } })
  await one.join('same', { presence: { key: 'a', enabled: true } })
  await one.ask('realtime:same', 'presence', track({ x: 1 }))
  await witness.next(({ event }) => event === 'presence_diff')
  expect(await one.ask('realtime:same', 'presence', track({ x: 1 }))).toMatchObject({ status: 'ok' })
  one.close()
  await witness.until(() => witness.of('presence_diff').length >= 2)
  expect(witness.of('presence_diff').map(({ payload }) => Object.keys(payload.leaves))).toEqual([[], ['a']])
})

describe('what is refused', () => {
  test('a payload that is no map', async () => {
    const socket = await realtime.raw()
    await socket.join('odd', { presence: { enabled: true } })
    expect(await socket.ask('realtime:odd', 'presence', track('text'))).toEqual({
      status: 'error',
      response: { reason: 'Presence track payload must be a map' },
    })
  })

  test('a sixth call within the window closes the channel of the caller alone', async () => {
    const [eager, calm] = [await realtime.raw(), await realtime.raw()]
    await calm.join('busy', { presence: { enabled: true } })
    await eager.join('busy', { presence: { enabled: true } })
    for (let n = 0; n < 5; n++) {
      expect(await eager.ask('realtime:busy', 'presence', track({ n }))).toMatchObject({ status: 'ok' })
    }
    eager.send('realtime:busy', 'presence', track({ n: 6 }))
    const { payload } = await eager.next(({ event }) => event === 'system')
    expect(payload).toMatchObject({ status: 'error', message: 'Client presence rate limit exceeded' })
    await eager.next(({ event }) => event === 'phx_close')
    expect(await calm.ask('realtime:busy', 'presence', track({}))).toMatchObject({ status: 'ok' })
  })
})
