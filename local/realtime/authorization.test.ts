import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SAM, subscribed, type TestRealtime, testRealtime } from './testing/realtime.ts'

let realtime: TestRealtime
const STRANGER = '00000000-0000-4000-8000-000000000bad'

beforeAll(async () => {
  realtime = await testRealtime()
  await realtime.sql.unsafe(`
    create table public.members (room text, user_id uuid);
    grant select on public.members to authenticated;
    insert into public.members values ('team', '${SAM}'), ('listen', '${SAM}');
    create policy "members read the broadcasts of their rooms" on realtime.messages for select to authenticated
      using (extension = 'broadcast' and realtime.topic() in (
        select room from public.members where user_id = (select auth.uid())));
    create policy "members write the broadcasts of team" on realtime.messages for insert to authenticated
      with check (extension = 'broadcast' and realtime.topic() = 'team'
        and exists (select from public.members where room = 'team' and user_id = (select auth.uid())));
    create policy "everybody signed in is seen in the lobby" on realtime.messages for all to authenticated
      using (extension = 'presence' and realtime.topic() = 'lobby')
      with check (extension = 'presence' and realtime.topic() = 'lobby');
    create policy "a policy that fails" on realtime.messages for select to authenticated
      using (case when realtime.topic() = 'broken' then 1 / (length(topic) - 6) = 1 else false end);
    create policy "claims and headers are there to be asked" on realtime.messages for select to authenticated
      using (realtime.topic() = 'gucs'
        and current_setting('request.jwt.claims')::jsonb ->> 'colour' = 'green'
        and current_setting('request.jwt.claim.sub') = '${SAM}'
        and current_setting('request.jwt.claim.role') = 'authenticated'
        and current_setting('request.headers')::jsonb ->> 'x-team' = 'red'
        and current_user = 'authenticated');
  `)
})
afterAll(() => realtime[Symbol.asyncDispose]())

const join = async (
  name: string,
  claims: Record<string, unknown> = {},
  config: Record<string, unknown> = {},
) => {
  const socket = await realtime.raw()
  const answer = await socket.join(
    name,
    { private: true, ...config },
    { access_token: await realtime.token(claims) },
  )
  return { socket, ...answer }
}
const denied = (name: string) => ({
  status: 'error',
  response: { reason: `Unauthorized: You do not have permissions to read from this Channel topic: ${name}` },
})

describe('reading a private channel', () => {
  test('is for those whom a policy lets read', async () => {
    expect(await join('team')).toMatchObject({ status: 'ok', response: { postgres_changes: [] } })
    expect(await join('team', { sub: STRANGER })).toMatchObject(denied('team'))
    expect(await join('another')).toMatchObject(denied('another'))
  })

  test('is refused to a key alone, and allowed to the service role', async () => {
    const [anonymous, service] = [await realtime.raw(), await realtime.raw({ apikey: 'sb_secret_for_tests' })]
    expect(await anonymous.join('team', { private: true })).toMatchObject(denied('team'))
    expect(await service.join('team', { private: true })).toMatchObject({ status: 'ok' })
  })

  test('is refused by a policy that fails', async () => {
    expect(await join('broken')).toMatchObject(denied('broken'))
  })

  test('asks the policy with all six settings', async () => {
    const socket = await realtime.raw({ headers: { 'x-team': 'red' } })
    const token = await realtime.token({ colour: 'green' })
    expect(await socket.join('gucs', { private: true }, { access_token: token })).toMatchObject({
      status: 'ok',
    })
    expect(await join('gucs', { colour: 'green' })).toMatchObject({ status: 'error' })
  })

  test('leaves no probe row behind', async () => {
    await join('team')
    expect(
      await realtime.sql`select from realtime.messages where topic = 'team' and payload is null`,
    ).toEqual([])
  })

  test('through the official client, says the reason', async () => {
    const client = await realtime.client(await realtime.token({ sub: STRANGER }))
    const { status, error } = await subscribed(client.channel('team', { config: { private: true } }))
    expect(status).toBe('CHANNEL_ERROR')
    expect(error?.message).toContain('You do not have permissions to read from this Channel topic: team')
  })

  test('stops when its policy is dropped', async () => {
    await using other = await testRealtime()
    await other.sql.unsafe(
      `create policy "for all" on realtime.messages for select to authenticated using (true)`,
    )
    const socket = await other.raw()
    const more = { access_token: await other.token() }
    expect(await socket.join('x', { private: true }, more)).toMatchObject({ status: 'ok' })
    await other.sql.unsafe(`drop policy "for all" on realtime.messages`)
    expect(await socket.join('x', { private: true }, more)).toMatchObject({ status: 'error' })
  })
})

describe('writing to a private channel', () => {
  const message = { type: 'broadcast', event: 'e', payload: {} }

  test('reaches the members of who may, and without a right goes nowhere, unanswered', async () => {
    const { socket: writer } = await join('team', {}, { broadcast: { ack: true } })
    const { socket: reader } = await join('team')
    expect(await writer.ask('realtime:team', 'broadcast', message)).toMatchObject({ status: 'ok' })
    await reader.next(({ event }) => event === 'broadcast')

    const { socket: mute } = await join('listen', {}, { broadcast: { ack: true } })
    const { socket: listener } = await join('listen')
    const ref = mute.send('realtime:listen', 'broadcast', message)
    await realtime.sql`select realtime.send('{}', 'from the database', 'listen', true)`
    await listener.next(({ event }) => event === 'broadcast')
    await mute.ask('phoenix', 'heartbeat')
    expect(listener.of('broadcast').map(({ payload }) => payload.event)).toEqual(['from the database'])
    expect(mute.messages.some((each) => each.ref === ref)).toBe(false)
  })

  test('is asked once and kept until the channel gets another token', async () => {
    const { socket: writer } = await join('team', {}, { broadcast: { ack: true } })
    await writer.ask('realtime:team', 'broadcast', message)
    await realtime.sql`alter policy "members write the broadcasts of team" on realtime.messages with check (false)`
    expect(await writer.ask('realtime:team', 'broadcast', message)).toMatchObject({ status: 'ok' })
    writer.send('realtime:team', 'access_token', { access_token: await realtime.token({ fresh: 1 }) })
    const ref = writer.send('realtime:team', 'broadcast', message)
    const { socket: reader } = await join('team')
    await realtime.sql`select realtime.send('{}', 'later', 'team', true)`
    await reader.next(({ event }) => event === 'broadcast')
    expect(writer.messages.some((each) => each.ref === ref)).toBe(false)
    await realtime.sql`alter policy "members write the broadcasts of team" on realtime.messages with check (
      extension = 'broadcast' and realtime.topic() = 'team')`
  })

  test('keeps the order in which it was sent while the right is being asked', async () => {
    const { socket: reader } = await join('team')
    const { socket: writer } = await join('team')
    for (let n = 0; n < 50; n++) writer.send('realtime:team', 'broadcast', { ...message, payload: { n } })
    await reader.until(() => reader.of('broadcast').length === 50)
    expect(reader.of('broadcast').map(({ payload }) => payload.payload.n)).toEqual(
      Array.from({ length: 50 }, (_, n) => n),
    )
  })
})

describe('presence and broadcast have rights of their own', () => {
  test('who may only be present hears no broadcasts', async () => {
    const { socket, status } = await join('lobby', {}, { presence: { enabled: true, key: 'sam' } })
    expect(status).toBe('ok')
    await socket.next(({ event }) => event === 'presence_state')
    await realtime.sql`select realtime.send('{}', 'secret', 'lobby', true)`
    expect(
      await socket.ask('realtime:lobby', 'presence', { type: 'presence', event: 'track', payload: { a: 1 } }),
    ).toEqual({ status: 'ok', response: {} })
    await socket.next(({ event }) => event === 'presence_diff')
    expect(socket.of('broadcast')).toEqual([])
  })

  test('who may not be present cannot track', async () => {
    const { socket } = await join('team', {}, { presence: { enabled: true } })
    const answer = await socket.ask('realtime:team', 'presence', {
      type: 'presence',
      event: 'track',
      payload: {},
    })
    expect(answer).toMatchObject({ status: 'error' })
    expect(socket.of('presence_state')).toEqual([])
  })
})

describe('tokens of a channel', () => {
  const system = (message: string) => ({ extension: 'system', status: 'error', message, channel: 'team' })

  test.each([
    ['an expired token', { exp: 1 }, /^InvalidJWTToken: Token has expired \d+ seconds ago$/],
    [
      'a token without a role',
      { role: null },
      /^InvalidJWTToken: Fields `role` and `exp` are required in JWT$/,
    ],
  ])('%s is refused', async (_what, claims, reason) => {
    const { status, response } = await join('team', claims)
    expect(status).toBe('error')
    expect(response.reason).toMatch(reason)
  })

  test.each([
    ['nonsense', 'MalformedJWT: The token provided is not a valid JWT'],
    ['sb_publishable_for_tests', 'Unauthorized: You do not have'],
  ])('%s is no token', async (token, reason) => {
    const socket = await realtime.raw()
    const { response } = await socket.join('team', { private: true }, { access_token: token })
    expect(response.reason).toContain(reason)
  })

  test('a channel ends when its token does', async () => {
    const { socket } = await join('team', { exp: Math.floor(Date.now() / 1000) + 2 })
    const { payload } = await socket.next(({ event }) => event === 'system')
    expect(payload).toEqual(system('Token has expired 0 seconds ago'))
    const close = await socket.next(({ event }) => event === 'phx_close')
    expect(close).toMatchObject({ topic: 'realtime:team', ref: '1', joinRef: '1' })
  })

  test('a new token in time keeps it open', async () => {
    const { socket } = await join('team', { exp: Math.floor(Date.now() / 1000) + 1 })
    socket.send('realtime:team', 'access_token', { access_token: await realtime.token() })
    const { socket: shortLived } = await join('team', { exp: Math.floor(Date.now() / 1000) + 2 })
    await shortLived.next(({ event }) => event === 'phx_close')
    expect(socket.of('phx_close')).toEqual([])
  })

  test('nothing, the same and a key are ignored', async () => {
    const { socket } = await join('team')
    for (const token of [null, 'sb_secret_for_tests', 5]) {
      socket.send('realtime:team', 'access_token', { access_token: token })
    }
    await socket.ask('phoenix', 'heartbeat')
    expect(socket.of('system')).toEqual([])
  })

  test('a bad one closes the channel', async () => {
    const { socket } = await join('team')
    socket.send('realtime:team', 'access_token', { access_token: 'nonsense' })
    const { payload } = await socket.next(({ event }) => event === 'system')
    expect(payload).toEqual(system('The token provided is not a valid JWT'))
    await socket.next(({ event }) => event === 'phx_close')
  })

  test('one that may not read any more closes the channel', async () => {
    const { socket } = await join('team')
    socket.send('realtime:team', 'access_token', { access_token: await realtime.token({ sub: STRANGER }) })
    const { payload } = await socket.next(({ event }) => event === 'system')
    expect(payload).toEqual(system('You no longer have permission to read from this Channel topic: team'))
    await socket.next(({ event }) => event === 'phx_close')
  })

  test('who is removed keeps reading until the token is renewed', async () => {
    const { socket } = await join('listen')
    await realtime.sql`delete from public.members where room = 'listen'`
    await realtime.sql`select realtime.send('{}', 'still', 'listen', true)`
    await socket.next(({ event }) => event === 'broadcast')
    socket.send('realtime:listen', 'access_token', { access_token: await realtime.token({ fresh: 2 }) })
    await socket.next(({ event }) => event === 'phx_close')
  })
})
