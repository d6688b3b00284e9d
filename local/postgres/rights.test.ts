import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())

class Undone extends Error {}

/** Runs statements as a migration would, and undoes them. */
async function attempt(statements: string): Promise<'allowed' | string> {
  return await database
    .sql('postgres')
    .begin(async (transaction) => {
      await transaction.unsafe(statements)
      throw new Undone()
    })
    .catch((error: Error & { code?: string }) =>
      error instanceof Undone ? 'allowed' : (error.code ?? error.message),
    )
}

describe('a migration may, as on hosted', () => {
  test.each([
    'create table public.t (id int); create function public.f() returns int language sql as $$ select 1 $$',
    'create schema own; create table own.t (id int)',
    `create function public.f() returns trigger language plpgsql as $$ begin return new; end $$;
     create trigger t after insert on auth.users for each row execute function public.f();
     drop trigger t on auth.users`,
    'create table public.t (id uuid references auth.users on delete cascade)',
    'select id, email from auth.users',
    `insert into auth.users (id, email, instance_id, is_super_admin) values (gen_random_uuid(), 'a@b.c', null, false)`,
    `insert into auth.identities (provider, provider_id, user_id)
     select 'email', id::text, id from auth.users limit 1`,
    `update auth.users set raw_user_meta_data = '{}' where false; delete from auth.users where false`,
    `insert into storage.buckets (id, name, public) values ('b', 'b', true)`,
    `create policy p on storage.objects for select to authenticated using (bucket_id = 'b');
     alter policy p on storage.objects rename to q; drop policy q on storage.objects;
     drop policy if exists q on storage.objects`,
    'create policy p on storage.buckets for select to anon using (public)',
    'create policy p on auth.users for select to authenticated using ((select auth.uid()) = id)',
    `create policy p on realtime.messages for select to authenticated using (realtime.topic() = 'x');
     alter policy p on realtime.messages using (true); drop policy p on realtime.messages`,
    'create policy p on realtime.messages for insert to authenticated with check (false)',
    `do $$ begin create policy p on realtime.messages for select to authenticated using (true); end $$`,
    'create table public.t (id int primary key); alter publication supabase_realtime add table public.t',
    `select realtime.send('{}', 'event', 'topic', true)`,
    'create extension if not exists pg_trgm with schema extensions',
    `select extensions.gen_random_bytes(4), uuid_generate_v4(), auth.uid(), storage.foldername('a/b')`,
    'create role reporting; grant reporting to postgres; drop role reporting',
    'set local role authenticated',
    'set local role service_role',
  ])('%s', async (statements) => {
    expect(await attempt(statements)).toBe('allowed')
  })
})

describe('a migration may not, as on hosted', () => {
  const DENIED = '42501'
  test.each([
    'create table auth.t (id int)',
    'create table storage.t (id int)',
    'create table realtime.t (id int)',
    'create function auth.f() returns int language sql as $$ select 1 $$',
    'create function storage.f() returns int language sql as $$ select 1 $$',
    'create function realtime.f() returns int language sql as $$ select 1 $$',
    'create or replace function auth.uid() returns uuid language sql as $$ select null::uuid $$',
    'alter table realtime.messages enable row level security',
    'alter table storage.objects enable row level security',
    'alter table storage.objects add column more int',
    'alter table auth.users drop column email',
    'alter table auth.users disable row level security',
    'alter table auth.users owner to postgres',
    'create index on auth.users (created_at)',
    'create index on storage.objects (created_at)',
    'drop table auth.users cascade',
    'drop table storage.objects',
    'create trigger t after insert on realtime.messages for each row execute function tsvector_update_trigger()',
    'set role supabase_admin',
    'set role supabase_auth_admin',
    'set role supabase_storage_admin',
    'grant supabase_auth_admin to postgres',
    'alter role postgres superuser',
    'alter role service_role login',
    'create policy p on platform.stamp for select using (true)',
    'update platform.migrations set hash = null',
    'create event trigger e on ddl_command_start execute function platform.lend_ownership()',
    'drop event trigger return_ownership',
    'create extension file_fdw',
    `select pg_read_file('/etc/passwd')`,
    `insert into storage.buckets (id, name) values ('b', 'b'); delete from storage.buckets where id = 'b'`,
    `create policy p on storage.objects for select using (true); alter table storage.objects add column more int`,
  ])('%s', async (statements) => {
    expect(await attempt(statements)).toMatch(new RegExp(`^(${DENIED}|0LP01)$`))
  })

  test('keep the ownership that a policy command borrowed, whether the command succeeds or fails', async () => {
    const members = async () =>
      await database.sql('supabase_admin')`
      select roleid::regrole::text as role from pg_auth_members
      where member = 'postgres'::regrole and roleid::regrole::text like 'supabase%'`
    const run = (statement: string) => database.sql('postgres').unsafe(statement)
    await run('create policy kept on storage.objects for select using (true)')
    await expect(run('create policy kept on storage.objects for select using (true)')).rejects.toThrow(
      'already exists',
    )
    await expect(run('create policy p on storage.objects using (nonsense)')).rejects.toThrow('nonsense')
    await run(`do $$ begin
      create policy p on storage.objects using (nonsense);
      exception when undefined_column then null;
    end $$`)
    await run('drop policy kept on storage.objects')
    expect(await members()).toEqual([])
  })

  test('write a policy on another table of realtime than its messages', async () => {
    const superuser = database.sql('supabase_admin')
    await superuser`create table realtime.another (id int)`
    await superuser`alter table realtime.another owner to supabase_realtime_admin`
    await superuser`create policy old on realtime.another using (true)`
    expect(await attempt('create policy p on realtime.another using (true)')).toBe(DENIED)
    expect(await attempt('alter policy old on realtime.another rename to new')).toBe(DENIED)
    expect(await attempt('drop policy old on realtime.another')).toBe(DENIED)
  })
})

describe('new objects in public', () => {
  test('are granted to nobody but their owner', async () => {
    expect(
      await attempt(`
        create table public.t (id int generated always as identity);
        create view public.v as select 1;
        do $$ begin
          assert not exists (
            select from unnest(array['anon', 'authenticated', 'service_role']) role, unnest(array['t', 'v']) relation
            where has_table_privilege(role, relation, 'select, insert, update, delete'));
          assert not has_sequence_privilege('service_role', 't_id_seq', 'usage');
        end $$`),
    ).toBe('allowed')
  })

  test('cannot be made by the roles of the API', async () => {
    for (const role of ['anon', 'authenticated', 'service_role']) {
      expect(await attempt(`set local role ${role}; create table public.t (id int)`)).toBe('42501')
    }
  })
})

describe('roles', () => {
  test('have the attributes of hosted', async () => {
    const rows = await database.sql('supabase_admin')`
      select rolname, rolsuper, rolcanlogin, rolinherit, rolbypassrls, rolreplication, rolcreaterole, rolcreatedb
      from pg_roles where rolname in ('postgres', 'anon', 'authenticated', 'service_role', 'authenticator',
        'supabase_auth_admin', 'supabase_storage_admin', 'supabase_realtime_admin')`
    const traits = Object.fromEntries(
      rows.map(({ rolname, ...flags }) => [
        rolname,
        Object.keys(flags)
          .filter((flag) => flags[flag])
          .map((flag) => flag.slice(3))
          .sort()
          .join(' '),
      ]),
    )
    expect(traits).toEqual({
      postgres: 'bypassrls canlogin createdb createrole inherit replication',
      anon: '',
      authenticated: '',
      service_role: 'bypassrls',
      authenticator: 'canlogin',
      supabase_auth_admin: 'canlogin',
      supabase_storage_admin: 'canlogin',
      supabase_realtime_admin: 'canlogin replication',
    })
  })

  test('find public and extensions, and have the time limits of hosted', async () => {
    const [settings] = await database.sql('postgres')`
      select current_setting('search_path') as path, (
        select jsonb_object_agg(setrole::regrole, setconfig) from pg_db_role_setting
        where setrole in ('anon'::regrole, 'authenticated'::regrole, 'authenticator'::regrole)
      ) as limits`
    expect(settings).toEqual({
      path: '"$user", public, extensions',
      limits: {
        anon: ['statement_timeout=3s'],
        authenticated: ['statement_timeout=8s'],
        authenticator: ['statement_timeout=8s', 'lock_timeout=8s'],
      },
    })
  })

  test('of the API see nobody in auth.users', async () => {
    for (const role of ['anon', 'authenticated', 'service_role']) {
      expect(await attempt(`set local role ${role}; select * from auth.users`)).toBe('42501')
    }
  })

  test('may log in with the password and with no other', async () => {
    const [row] = await database.sql('authenticator')`select current_user::text as name`
    expect(row).toEqual({ name: 'authenticator' })
  })
})

describe('the claims of a request', () => {
  const read = async (settings: Record<string, string>) => {
    const [row] = await database.sql('postgres').begin(async (transaction) => {
      for (const [name, value] of Object.entries(settings))
        await transaction`select set_config(${name}, ${value}, true)`
      return await transaction`select auth.uid(), auth.role(), auth.email(), auth.jwt()`
    })
    return row
  }
  const id = '7b6f9a52-0d8e-4f52-9d6e-0a2f6f7d1c11'

  test('come from the JSON of claims', async () => {
    const claims = { sub: id, role: 'authenticated', email: 'a@b.c', extra: 1 }
    expect(await read({ 'request.jwt.claims': JSON.stringify(claims) })).toEqual({
      uid: id,
      role: 'authenticated',
      email: 'a@b.c',
      jwt: claims,
    })
  })

  test('prefer the single settings', async () => {
    const row = await read({
      'request.jwt.claim.sub': id,
      'request.jwt.claim.role': 'anon',
      'request.jwt.claims': '{"role":"authenticated","sub":"x"}',
    })
    expect(row).toMatchObject({ uid: id, role: 'anon' })
  })

  test('are null when they are empty or absent', async () => {
    const nothing = { uid: null, role: null, email: null, jwt: null }
    expect(await read({})).toEqual(nothing)
    expect(await read({ 'request.jwt.claim.sub': '', 'request.jwt.claims': '' })).toEqual(nothing)
  })
})
