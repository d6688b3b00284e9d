import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RawSocket } from './testing/raw-socket.ts'
import { inbox, SAM, subscribed, type TestRealtime, testRealtime } from './testing/realtime.ts'

const OTHER = '00000000-0000-4000-8000-000000000bad'
let realtime: TestRealtime

beforeAll(async () => {
  realtime = await testRealtime()
  await realtime.sql.unsafe(`
    create type public.mood as enum ('sad', 'happy');
    create table public.notes (
      id bigint primary key, owner uuid, title text, rank int, price numeric, done boolean, at timestamptz,
      tags text[], extra jsonb, bytes bytea, mood public.mood, secret text
    );
    alter table public.notes enable row level security;
    grant select (id, owner, title, rank, price, done, at, tags, extra, bytes, mood) on public.notes to authenticated;
    create policy "people read their own notes" on public.notes for select to authenticated
      using (owner = (select auth.uid()));
    create table public.open (id int primary key, title text, body text);
    create table public.whole (id int primary key, title text);
    alter table public.whole replica identity full;
    create table public.keyless (title text);
    create table public.hidden (id int primary key);
    create table public.unpublished (id int primary key);
    grant select on public.open, public.whole, public.keyless, public.unpublished to anon, authenticated;
    alter publication supabase_realtime add table
      public.notes, public.open, public.whole, public.keyless, public.hidden;
  `)
})
afterAll(() => realtime[Symbol.asyncDispose]())

type Watch = Record<string, unknown>

async function watch(watches: Watch[], claims: Watch = {}): Promise<RawSocket & { ids: number[] }> {
  const socket = await realtime.raw()
  const more = { access_token: await realtime.token(claims) }
  const { response } = await socket.join('changes', { postgres_changes: watches }, more)
  await socket.next(({ event, payload }) => event === 'system' && payload.status === 'ok')
  return Object.assign(socket, { ids: response.postgres_changes.map(({ id }: { id: number }) => id) })
}
const changes = (socket: RawSocket) => socket.of('postgres_changes').map(({ payload }) => payload)
const data = (socket: RawSocket) => changes(socket).map((payload) => payload.data)
const received = async (socket: RawSocket, count: number) => {
  await socket.until(() => changes(socket).length >= count)
  return data(socket)
}

describe('a subscription', () => {
  test('is echoed with an id and announced once it counts', async () => {
    const asked = { event: '*', schema: 'public', table: 'open', filter: 'id=gt.0' }
    const socket = await realtime.raw()
    const { response } = await socket.join('r', {
      postgres_changes: [asked, { ...asked, filter: undefined }],
    })
    expect(response.postgres_changes).toEqual([
      { ...asked, id: expect.any(Number) },
      { event: '*', schema: 'public', table: 'open', id: expect.any(Number) },
    ])
    expect(new Set(response.postgres_changes.map(({ id }: { id: number }) => id)).size).toBe(2)
    const { payload } = await socket.next(({ event }) => event === 'system')
    expect(payload).toEqual({
      extension: 'postgres_changes',
      status: 'ok',
      message: 'Subscribed to PostgreSQL',
      channel: 'r',
    })
  })

  test.each([
    [
      { schema: 'public', table: 'unpublished' },
      'Please check Realtime is enabled for the given connect parameters',
    ],
    [{ schema: 'public', table: 'open', filter: 'nope=eq.1' }, 'invalid column for filter nope'],
    [{ schema: 'public', table: 'open', filter: 'id=eq.abc' }, 'invalid input syntax for type integer'],
    [{ schema: 'public', table: 'open', filter: 'id=like.1' }, 'operator does not exist'],
    [{ schema: 'public', table: 'open', filter: 'title=match.(' }, 'invalid regular expression'],
    [{ schema: 'public', table: 'open', filter: 'id=is.5' }, 'invalid value for is filter'],
    [{ schema: 'public', table: 'open', filter: 'id=is.true' }, 'must be type boolean'],
    [{ schema: 'public', table: 'notes', filter: 'secret=eq.x' }, 'invalid column for filter secret'],
    [{ schema: 'public', table: 'notes', select: ['secret'] }, 'invalid column for select secret'],
  ])('%j fails with a reason, again and again, and leaves the channel open', async (asked, reason) => {
    const socket = await realtime.raw()
    await socket.join(
      'r',
      { postgres_changes: [{ event: '*', ...asked }] },
      { access_token: await realtime.token() },
    )
    await socket.until(() => socket.of('system').length >= 2)
    expect(socket.of('system')[0]!.payload).toMatchObject({ extension: 'postgres_changes', status: 'error' })
    expect(socket.of('system')[0]!.payload.message).toContain(reason)
    expect(socket.of('phx_close')).toEqual([])
  })

  test('that is malformed is not tried again', async () => {
    const socket = await realtime.raw()
    await socket.join('r', {
      postgres_changes: [{ event: '*', schema: 'public', table: 'open', filter: 'id=foo.1' }],
    })
    const { payload } = await socket.next(({ event }) => event === 'system')
    expect(payload.message).toContain('Error parsing `filter` params: ["foo","1"]')
    const working = await realtime.raw()
    await working.join('r', { postgres_changes: [{ event: '*', schema: 'public', table: 'unpublished' }] })
    await working.until(() => working.of('system').length >= 3)
    expect(socket.of('system')).toHaveLength(1)
  })

  test('begins as soon as its table is published', async () => {
    await realtime.sql`create table public.late (id int primary key)`
    await realtime.sql`grant select on public.late to authenticated`
    const socket = await realtime.raw()
    const config = { postgres_changes: [{ event: '*', schema: 'public', table: 'late' }] }
    await socket.join('r', config, { access_token: await realtime.token() })
    await socket.next(({ payload }) => payload.status === 'error')
    await realtime.sql`alter publication supabase_realtime add table public.late`
    await socket.next(({ event, payload }) => event === 'system' && payload.status === 'ok')
    await realtime.sql`insert into public.late values (1)`
    expect(await received(socket, 1)).toMatchObject([{ record: { id: 1 } }])
  })
})

test('an insert, an update and a delete, as hosted Realtime tells them', async () => {
  const socket = await watch([{ event: '*', schema: 'public', table: 'open' }])
  await realtime.sql`insert into public.open values (1, 'a', 'text')`
  await realtime.sql`update public.open set title = 'b' where id = 1`
  await realtime.sql`delete from public.open where id = 1`
  const columns = [
    { name: 'id', type: 'int4' },
    { name: 'title', type: 'text' },
    { name: 'body', type: 'text' },
  ]
  const common = { schema: 'public', table: 'open', columns, errors: null }
  const commit_timestamp = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  expect(await received(socket, 3)).toEqual([
    { ...common, type: 'INSERT', commit_timestamp, record: { id: 1, title: 'a', body: 'text' } },
    {
      ...common,
      type: 'UPDATE',
      commit_timestamp,
      record: { id: 1, title: 'b', body: 'text' },
      old_record: { id: 1 },
    },
    { ...common, type: 'DELETE', commit_timestamp, old_record: { id: 1 } },
  ])
  expect(changes(socket)[0].ids).toEqual(socket.ids)
})

test('values keep their types: numbers, arrays, JSON, times, bytes', async () => {
  const socket = await watch([{ event: 'INSERT', schema: 'public', table: 'notes' }])
  await realtime.sql.unsafe(`insert into public.notes values (
    9007199254740993, '${SAM}', 'ünï "quoted"', 5, 12345678901234567890.123456789, true, '2026-11-21 12:00:00+00',
    array['a,b', null, 'c'], '{"deep": [1, {"x": null}]}', '\\xdeadbeef', 'happy', 'nobody sees this')`)
  const [change] = await received(socket, 1)
  expect(change.record).toEqual({
    id: Number('9007199254740993'),
    owner: SAM,
    title: 'ünï "quoted"',
    rank: 5,
    price: Number('12345678901234567890.123456789'),
    done: true,
    at: '2026-11-21T12:00:00+00:00',
    tags: ['a,b', null, 'c'],
    extra: { deep: [1, { x: null }] },
    bytes: 'deadbeef',
    mood: 'happy',
  })
  expect(change.columns.map(({ name }: { name: string }) => name)).not.toContain('secret')
})

test('with a full replica identity the old row is whole', async () => {
  const socket = await watch([{ event: '*', schema: 'public', table: 'whole' }])
  await realtime.sql`insert into public.whole values (1, 'a')`
  await realtime.sql`update public.whole set title = 'b'`
  await realtime.sql`delete from public.whole`
  const all = await received(socket, 3)
  expect(all[1]).toMatchObject({ record: { id: 1, title: 'b' }, old_record: { id: 1, title: 'a' } })
  expect(all[2]).toMatchObject({ type: 'DELETE', old_record: { id: 1, title: 'b' } })
})

test('a key that changes is told with its old value', async () => {
  const socket = await watch([{ event: 'UPDATE', schema: 'public', table: 'open' }])
  await realtime.sql`insert into public.open values (70, 'a')`
  await realtime.sql`update public.open set id = 71 where id = 70`
  expect(await received(socket, 1)).toMatchObject([{ record: { id: 71 }, old_record: { id: 70 } }])
})

test('a large value that did not change is left out, and the rest arrives', async () => {
  const socket = await watch([{ event: 'UPDATE', schema: 'public', table: 'open' }])
  const body = Array.from({ length: 2_000 }, () => crypto.randomUUID()).join('')
  await realtime.sql`insert into public.open values (80, 'a', ${body})`
  await realtime.sql`update public.open set title = 'b' where id = 80`
  const [change] = await received(socket, 1)
  expect(change.record).toEqual({ id: 80, title: 'b' })
})

test('a change over 1 MiB keeps its small fields and says so', async () => {
  const socket = await watch([{ event: 'INSERT', schema: 'public', table: 'open' }])
  await realtime.sql`insert into public.open values (90, 'small', ${'x'.repeat(1_100_000)})`
  const [change] = await received(socket, 1)
  expect(change).toMatchObject({
    record: { id: 90, title: 'small' },
    errors: ['Error 413: Payload Too Large'],
  })
  expect(change.record).not.toHaveProperty('body')
})

test('without a primary key, or without the right to read it, there is an error instead of a row', async () => {
  const socket = await watch([
    { event: '*', schema: 'public', table: 'keyless' },
    { event: '*', schema: 'public', table: 'hidden' },
  ])
  await realtime.sql`insert into public.keyless values ('a')`
  await realtime.sql`insert into public.hidden values (1)`
  expect(await received(socket, 2)).toMatchObject([
    { table: 'keyless', record: {}, errors: ['Error 400: Bad Request, no primary key'] },
    { table: 'hidden', record: {}, errors: ['Error 401: Unauthorized'] },
  ])
})

describe('row-level security', () => {
  // It is asked at the time of delivery, as on hosted: a row that is gone by then is told to nobody.
  test('is asked for each subscriber, except for a delete, which tells only the key', async () => {
    const watches = [{ event: '*', schema: 'public', table: 'notes' }]
    const [sam, other] = [await watch(watches), await watch(watches, { sub: OTHER })]
    const { sql } = realtime
    await sql`insert into public.notes (id, owner, title) values (101, ${SAM}, 'sam'), (102, ${OTHER}, 'other')`
    await received(sam, 1)
    await sql`update public.notes set title = 'changed' where id = 101`
    await received(sam, 2)
    await sql`delete from public.notes where id = 101`
    const titles = (socket: RawSocket) =>
      data(socket).map(({ type, record, old_record }) => [type, record?.title, old_record])
    await received(sam, 3)
    await received(other, 2)
    expect(titles(sam)).toEqual([
      ['INSERT', 'sam', undefined],
      ['UPDATE', 'changed', { id: 101 }],
      ['DELETE', undefined, { id: 101 }],
    ])
    expect(titles(other)).toEqual([
      ['INSERT', 'other', undefined],
      ['DELETE', undefined, { id: 101 }],
    ])
  })

  test('hides everything when its policy is gone', async () => {
    await realtime.sql`alter policy "people read their own notes" on public.notes using (false)`
    const socket = await watch([{ event: '*', schema: 'public', table: 'notes' }])
    await realtime.sql`insert into public.notes (id, owner) values (111, ${SAM})`
    await realtime.sql`delete from public.notes where id = 111`
    expect(await received(socket, 1)).toMatchObject([{ type: 'DELETE' }])
    await realtime.sql`alter policy "people read their own notes" on public.notes using (owner = (select auth.uid()))`
  })

  test('follows a new token', async () => {
    const socket = await watch([{ event: 'INSERT', schema: 'public', table: 'notes' }])
    socket.send('realtime:changes', 'access_token', { access_token: await realtime.token({ sub: OTHER }) })
    await socket.until(() => socket.of('system').length === 2)
    await realtime.sql`insert into public.notes (id, owner) values (121, ${SAM}), (122, ${OTHER})`
    expect(await received(socket, 1)).toMatchObject([{ record: { id: 122 } }])
  })
})

describe('filters', () => {
  const rows = `(201, '${SAM}', 'apple', 1, 1.5, true), (202, '${SAM}', 'Apricot', 2, 2.5, false), (203, '${SAM}', 'a,b', 10, null, null)`

  test.each([
    ['rank=eq.2', [202]],
    ['rank=neq.2', [201, 203]],
    ['rank=lt.2', [201]],
    ['rank=lte.2', [201, 202]],
    ['rank=gt.2', [203]],
    ['rank=gte.10', [203]],
    ['price=gt.1.5', [202]],
    ['rank=in.(1,10)', [201, 203]],
    ['title=in.("a,b",apple)', [201, 203]],
    ['title=like.a%', [201, 203]],
    ['title=ilike.a%', [201, 202, 203]],
    ['title=match.^ap', [201]],
    ['title=imatch.^ap', [201, 202]],
    ['price=is.null', [203]],
    ['done=is.true', [201]],
    ['price=not.is.null', [201, 202]],
    ['price=isdistinct.1.5', [202, 203]],
    ['price=not.isdistinct.1.5', [201]],
    ['rank=not.eq.1', [202, 203]],
    ['rank=not.in.(1,2)', [203]],
    ['price=neq.1.5', [202]],
    ['title=eq."a,b"', [203]],
    ['rank=gt.1,title=ilike.ap%', [202]],
    ['rank=in.()', []],
    [`owner=eq.${SAM},rank=lt.3`, [201, 202]],
  ])('%s lets %j through', async (filter, ids) => {
    const socket = await watch([
      { event: 'INSERT', schema: 'public', table: 'notes', filter },
      { event: 'INSERT', schema: 'public', table: 'open' },
    ])
    await realtime.sql.unsafe(`insert into public.notes (id, owner, title, rank, price, done) values ${rows}`)
    await realtime.sql`insert into public.open values (999, 'last')`
    await socket.next(({ payload }) => payload.data?.table === 'open')
    const found = data(socket).filter(({ table }) => table === 'notes')
    expect(found.map(({ record }) => record.id)).toEqual(ids)
    await realtime.sql`delete from public.notes where id in (201, 202, 203)`
    await realtime.sql`delete from public.open where id = 999`
  })

  test('on a delete look at what is left of the row: its key', async () => {
    await realtime.sql`insert into public.open values (301, 'a'), (302, 'a')`
    const socket = await watch([
      { event: 'DELETE', schema: 'public', table: 'open', filter: 'id=eq.302' },
      { event: 'DELETE', schema: 'public', table: 'open', filter: 'title=eq.a' },
    ])
    await realtime.sql`delete from public.open where id in (301, 302)`
    expect(await received(socket, 1)).toMatchObject([{ old_record: { id: 302 } }])
    expect(changes(socket)[0].ids).toEqual([socket.ids[0]])
  })
})

test('only the selected columns travel, and the key', async () => {
  const socket = await watch([
    { event: '*', schema: 'public', table: 'open', select: ['title'] },
    { event: 'INSERT', schema: 'public', table: 'open' },
  ])
  await realtime.sql`insert into public.open values (401, 'a', 'b')`
  const all = await received(socket, 2)
  expect(all.map(({ record }) => record)).toEqual([
    { id: 401, title: 'a' },
    { id: 401, title: 'a', body: 'b' },
  ])
  expect(changes(socket).map(({ ids }) => ids)).toEqual(socket.ids.map((id) => [id]))
})

test('an asterisk hears every table', async () => {
  const socket = await watch([{ event: 'INSERT', schema: '*', table: '*' }])
  await realtime.sql`insert into public.open values (501)`
  await realtime.sql`insert into public.whole values (502)`
  expect((await received(socket, 2)).map(({ table }) => table)).toEqual(['open', 'whole'])
})

test('what is truncated is not told, and what is rolled back neither', async () => {
  const socket = await watch([{ event: '*', schema: 'public', table: 'whole' }])
  await realtime.sql`truncate public.whole`
  await realtime.sql
    .begin((sql) => sql`insert into public.whole values (600)`.then(() => Promise.reject(1)))
    .catch(() => {})
  await realtime.sql`insert into public.whole values (601)`
  expect(await received(socket, 1)).toMatchObject([{ record: { id: 601 } }])
})

test('many changes arrive in the order of their commits', async () => {
  const socket = await watch([{ event: 'INSERT', schema: 'public', table: 'notes' }])
  await realtime.sql`insert into public.notes (id, owner) select n, ${SAM} from generate_series(1001, 1300) n`
  const all = await received(socket, 300)
  expect(all.map(({ record }) => record.id)).toEqual(Array.from({ length: 300 }, (_, n) => 1001 + n))
})

test.each(['1.0.0', '2.0.0'])('the official client of version %s understands it', async (vsn) => {
  const client = await realtime.client(await realtime.token(), { vsn })
  const heard = inbox<{ eventType: string; new: unknown; old: unknown; errors: unknown }>()
  const ready = inbox<unknown>()
  const channel = client
    .channel('official')
    .on(
      'postgres_changes',
      { event: '*', schema: 'public', table: 'open', filter: 'title=eq.v' },
      (change) => {
        heard.add(change as never)
      },
    )
    .on('system', {}, (message) => message.status === 'ok' && ready.add(message))
  expect(await subscribed(channel)).toMatchObject({ status: 'SUBSCRIBED' })
  await ready.has(1)
  await realtime.sql`insert into public.open values (701, 'v', null)`
  await realtime.sql`update public.open set body = 'x' where id = 701`
  expect(await heard.has(2)).toMatchObject([
    { eventType: 'INSERT', new: { id: 701, title: 'v', body: null }, old: {}, errors: null },
    { eventType: 'UPDATE', new: { id: 701, title: 'v', body: 'x' }, old: { id: 701 } },
  ])
  await realtime.sql`delete from public.open where id = 701`
})
