import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../testing/eventually.ts'
import { startTestGateway, type TestGateway } from './test-gateway.ts'

const PERSON = '11111111-1111-4111-8111-111111111111'
let gateway: TestGateway

beforeAll(async () => {
  gateway = await startTestGateway()
  await gateway.database.sql('postgres').unsafe(SCHEMA)
  await eventually(async () => {
    const { error } = await gateway.client().from('books').select('id')
    if (error) throw error
  })
})
afterAll(() => gateway[Symbol.asyncDispose]())

const SCHEMA = `
  create table public.shelves (id bigint generated always as identity primary key, name text not null, owner uuid);
  create table public.books (
    id bigint generated always as identity primary key, shelf_id bigint references public.shelves on delete cascade,
    title text not null unique, pages int, about jsonb, written timestamptz not null default '2026-01-02 03:04:05.678+00',
    printed timestamp default '2026-01-02 03:04:05', price numeric, raw bytea, moments timestamptz[]
  );
  alter table public.shelves enable row level security;
  grant select, insert, update, delete on public.shelves, public.books to authenticated, service_role;
  grant select on public.books to anon;
  create policy "people see their shelves" on public.shelves for all to authenticated
    using (owner = (select auth.uid())) with check (owner = (select auth.uid()));
  create function public.whoami() returns jsonb language sql stable as $$
    select jsonb_build_object('uid', auth.uid(), 'role', auth.role(), 'current', current_user,
      'jwt', auth.jwt(), 'email', auth.email(), 'timeout', current_setting('statement_timeout'),
      'method', current_setting('request.method', true), 'path', current_setting('request.path', true),
      'agent', current_setting('request.headers', true)::jsonb ->> 'x-test')
  $$;
  create function public.echo(value jsonb) returns jsonb language sql immutable as 'select value';
  create type public.mood as enum ('good', 'bad');
  create function public.lists(words text[], numbers int[], ids uuid[], day date, mood public.mood) returns jsonb
    language sql immutable as $$ select jsonb_build_object('words', words, 'numbers', numbers, 'ids', ids, 'day', day, 'mood', mood) $$;
  create function public.write() returns void language sql as $$ insert into public.books (title) values ('never') $$;
  create function public.nothing() returns void language sql as 'select';
  create function public.add(a int, b int) returns int language sql immutable as 'select a + b';
  create function public.no_json() returns jsonb language sql as 'select null::jsonb';
  create function public.list_json() returns jsonb language sql as $$ select '[1,2]'::jsonb $$;
  create function public.all_books() returns setof public.books language sql stable as 'select * from public.books';
  create function public.span("from" int, "to" int) returns int language sql immutable as 'select "to" - "from"';
  create function public.titles() returns setof text language sql stable as 'select title from public.books order by 1';
  create function public.one_book() returns public.books language sql stable as 'select * from public.books order by id limit 1';
  create function public.fail(code text) returns void language plpgsql as $$
    begin raise exception 'It failed.' using errcode = code, detail = '{"by":"someone"}', hint = 'Try later.'; end $$;
  create function public.secret() returns int language sql as 'select 1';
  grant execute on all functions in schema public to anon, authenticated, service_role;
  revoke execute on function public.secret() from public, anon, authenticated;
  insert into public.shelves (name, owner) values ('mine', '${PERSON}'), ('theirs', gen_random_uuid());
  insert into public.books (shelf_id, title, pages, about, price, raw, moments) values
    (1, 'Alpha', 100, '{"a":1}', 12.50, '\\x0102', array['2026-01-01 00:00+00'::timestamptz]), (1, 'Beta', 200, null, null, null, null), (2, 'Gamma', 300, null, 1, null, null);
  create table public.many as select n from generate_series(1, 1200) n;
  grant select on public.many to authenticated;
  create table public.hidden (id int primary key);
  alter table public.hidden enable row level security;
`

const person = async () =>
  gateway.client({ token: await gateway.token({ role: 'authenticated', sub: PERSON, email: 'p@x.test' }) })
const service = () => gateway.client({ key: gateway.config.keys.secret })

describe('who a request runs as', () => {
  test('a person: role, claims in both spellings, and the settings of the role', async () => {
    const { data } = await (await person()).rpc('whoami')
    expect(data).toMatchObject({
      uid: PERSON,
      role: 'authenticated',
      current: 'authenticated',
      email: 'p@x.test',
    })
    expect(data).toMatchObject({ jwt: { sub: PERSON }, timeout: '8s', method: 'POST', path: '/rpc/whoami' })
  })

  test('nobody with the publishable key, the service with the secret one', async () => {
    const anon = await gateway.client().rpc('whoami')
    expect(anon.data).toMatchObject({ uid: null, current: 'anon', timeout: '3s', jwt: { role: 'anon' } })
    expect((await service().rpc('whoami')).data).toMatchObject({ current: 'service_role', uid: null })
  })

  test.each([
    ['postgres', '42501'],
    ['no_such_role', '22023'],
  ])(
    'never a role that the gateway may not take, such as %s: that is the reason given',
    async (role, code) => {
      const self = gateway.client({ token: await gateway.token({ role, sub: PERSON }) })
      const { data, error } = await self.rpc('whoami')
      expect([data, error?.code]).toEqual([null, code])
    },
  )

  test('a read may not write, whatever the function says', async () => {
    const { data } = await (await person()).rpc('whoami', {}, { get: true })
    expect(data).toMatchObject({ method: 'GET' })
    const { status, error } = await (await person()).rpc('write', {}, { get: true })
    expect([status, error?.code]).toEqual([405, '25006'])
  })

  test('the rights stay as the migrations left them: nothing is granted on the way', async () => {
    const { status, error } = await (await person()).from('hidden').select()
    expect([status, error?.code]).toEqual([403, '42501'])
    const [{ grants }] = await gateway.database.sql('supabase_admin')<[{ grants: number }]>`
      select count(*)::int as grants from information_schema.role_table_grants
      where table_name = 'hidden' and grantee in ('anon', 'authenticated', 'service_role')`
    expect(grants).toBe(0)
  })

  test('nothing of one request is left for the next on the same connection', async () => {
    const mine = await person()
    await Promise.all(Array.from({ length: 30 }, () => mine.rpc('whoami')))
    const answers = await Promise.all(Array.from({ length: 30 }, () => gateway.client().rpc('whoami')))
    for (const { data } of answers) expect(data).toMatchObject({ uid: null, email: null, current: 'anon' })
  })
})

describe('rows', () => {
  test('are filtered by policies, embedded, counted and ordered', async () => {
    const mine = await person()
    const shelves = await mine
      .from('shelves')
      .select('name, books(title, pages)')
      .order('pages', { referencedTable: 'books' })
    expect(shelves.data).toEqual([
      {
        name: 'mine',
        books: [
          { title: 'Alpha', pages: 100 },
          { title: 'Beta', pages: 200 },
        ],
      },
    ])
    const { count } = await mine.from('books').select('*', { count: 'exact', head: true }).lte('pages', 300)
    expect(count).toBe(3)
    const inner = await mine.from('books').select('title, shelf:shelves!inner(name)').order('title')
    expect(inner.data?.map(({ title }) => title)).toEqual(['Alpha', 'Beta'])
    expect((await mine.from('books').select('title').or('title.eq.Alpha,pages.gt.250')).data).toHaveLength(2)
    expect((await mine.from('books').select('title').eq('about->>a', '1')).data).toEqual([{ title: 'Alpha' }])
    expect(
      (await mine.from('books').select('title').in('title', ['Alpha', 'Beta']).range(1, 1)).data,
    ).toHaveLength(1)
  })

  test('have values as PostgREST writes them', async () => {
    const { data } = await (await person())
      .from('books')
      .select('*, shelves(owner)')
      .eq('title', 'Alpha')
      .single()
    expect(data).toEqual({
      id: 1,
      shelf_id: 1,
      title: 'Alpha',
      pages: 100,
      about: { a: 1 },
      written: '2026-01-02T03:04:05.678+00:00',
      printed: '2026-01-02T03:04:05',
      price: 12.5,
      raw: '\\x0102',
      moments: ['2026-01-01T00:00:00+00:00'],
      shelves: { owner: PERSON },
    })
  })

  test.each([
    [{ deep: [1, 'two', null] }],
    [[1, 2]],
    ['text'],
    ['4'],
    ['{"a":1}'],
    [4],
    [true],
    [[]],
    [null],
  ])('keep JSON as it was sent: %j', async (value) => {
    const mine = await person()
    expect((await mine.rpc('echo', { value })).data).toEqual(value)
    const { data, error } = await mine
      .from('books')
      .insert({ title: 'json', about: value })
      .select('about')
      .single()
    await mine.from('books').delete().eq('title', 'json')
    expect([data, error]).toEqual([{ about: value }, null])
  })

  test('are inserted many at once, upserted, updated and deleted', async () => {
    const mine = await person()
    expect((await mine.from('books').insert([{ title: 'X1', pages: 1 }, { title: 'X2' }])).status).toBe(201)
    const upserted = await mine
      .from('books')
      .upsert({ title: 'X1', pages: 5 }, { onConflict: 'title' })
      .select('pages')
    expect(upserted.data).toEqual([{ pages: 5 }])
    const ignored = await mine
      .from('books')
      .upsert({ title: 'X1', pages: 6 }, { onConflict: 'title', ignoreDuplicates: true })
      .select()
    expect(ignored.data).toEqual([])
    expect(
      (await mine.from('books').update({ pages: 7 }).eq('title', 'X2').select('title, pages')).data,
    ).toEqual([{ title: 'X2', pages: 7 }])
    expect((await mine.from('books').delete({ count: 'exact' }).like('title', 'X%')).count).toBe(2)
  })

  test('are not changed all at once by a forgotten filter', async () => {
    const mine = await person()
    for (const answer of [await mine.from('books').update({ pages: 0 }), await mine.from('books').delete()]) {
      expect([answer.status, answer.error?.code]).toEqual([400, '21000'])
    }
  })

  test('stay as they were when one was expected and several matched', async () => {
    const mine = await person()
    const { error } = await mine.from('books').update({ pages: 999 }).gte('pages', 0).select().single()
    expect(error?.code).toBe('PGRST116')
    expect((await mine.from('books').select('id').eq('pages', 999)).data).toEqual([])
  })

  test('come a thousand at a time at most', async () => {
    expect((await (await person()).from('many').select('n')).data).toHaveLength(1_000)
  })
})

describe('functions', () => {
  test.each([
    ['nothing', 204, null],
    ['no_json', 200, null],
    ['list_json', 200, [1, 2]],
    ['titles', 200, ['Alpha', 'Beta', 'Gamma']],
  ])('%s answers %i %j', async (name, status, data) => {
    const answer = await (await person()).rpc(name)
    expect([answer.status, answer.data]).toEqual([status, data])
  })

  test('take lists, and say so when a value does not fit', async () => {
    const lists = {
      words: ['a', 'b "c", {d}'],
      numbers: [1, 2],
      ids: [PERSON],
      day: '2026-02-03',
      mood: 'good',
    }
    expect((await (await person()).rpc('lists', lists)).data).toEqual(lists)
    const { status, error } = await (await person()).rpc('lists', { ...lists, mood: 'odd' })
    expect([status, error?.code]).toEqual([400, '22P02'])
  })

  test('take arguments, and return rows that can be filtered further', async () => {
    const mine = await person()
    expect((await mine.rpc('add', { a: 1, b: 2 })).data).toBe(3)
    expect((await mine.rpc('add', { a: 'x', b: 2 })).error?.code).toBe('22P02')
    expect((await mine.rpc('add', { a: 1 })).status).toBe(404)
    expect((await mine.rpc('all_books').select('title').eq('pages', 100)).data).toEqual([{ title: 'Alpha' }])
    expect((await mine.rpc('one_book')).data).toMatchObject({ title: 'Alpha' })
  })

  test.each([
    ['PT409', 409],
    ['PT404', 404],
    ['BT005', 400],
    ['P0001', 400],
    ['42501', 403],
    ['23505', 409],
    ['40001', 500],
  ])('raise %s as %i with code, details and hint', async (code, status) => {
    const answer = await (await person()).rpc('fail', { code })
    expect(answer.status).toBe(status)
    expect(answer.error).toMatchObject({
      code,
      message: 'It failed.',
      details: '{"by":"someone"}',
      hint: 'Try later.',
    })
  })

  test('take arguments whose names are words of SQL', async () => {
    expect((await (await person()).rpc('span', { to: 5, from: 2 })).data).toBe(3)
    expect((await (await person()).rpc('span', { to: 5, from: 2 }, { get: true })).data).toBe(3)
  })

  test('that people may not call are refused', async () => {
    expect((await (await person()).rpc('secret')).error?.code).toBe('42501')
    expect((await gateway.client().rpc('secret')).status).toBe(401)
  })
})

describe('the schema', () => {
  test('that is not there is not found, with a guess what was meant', async () => {
    const { status, error } = await (await person()).from('shelvess').select()
    expect([status, error?.code]).toEqual([404, 'PGRST205'])
    expect(error?.hint).toContain('public.shelves')
    expect((await service().schema('auth').from('users').select()).error?.code).toBe('PGRST106')
  })

  test('is known again after a migration', async () => {
    const sql = gateway.database.sql('postgres')
    await sql.unsafe(
      'create table public.fresh (id int primary key); grant select on public.fresh to authenticated',
    )
    const mine = await person()
    await eventually(async () => expect((await mine.from('fresh').select()).data).toEqual([]))
    await sql.unsafe('alter table public.fresh add column name text; drop function public.titles()')
    await eventually(async () => expect((await mine.rpc('titles')).status).toBe(404))
    expect((await mine.from('fresh').select('name')).data).toEqual([])
  })
})

describe('the database', () => {
  test('may close every connection: the next requests open new ones', async () => {
    const mine = await person()
    await gateway.database.sql('supabase_admin')`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = 'baton gateway'`
    await eventually(async () => expect((await mine.rpc('add', { a: 2, b: 2 })).data).toBe(4))
    await gateway.database
      .sql('postgres')
      .unsafe('create table public.later (id int); grant select on public.later to authenticated')
    await eventually(async () => expect((await mine.from('later').select()).data).toEqual([]))
  })
})
