import { expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { dumpSchema } from './dump.ts'

const NOTES = `
  create schema own; grant usage on schema own to authenticated;
  create type own.mood as enum ('good', 'bad');
  create domain own.short as text check (length(value) < 9);
  create sequence own.numbers;
  create table own.notes (
    id int generated always as identity primary key, text own.short not null default 'x', mood own.mood,
    doubled int generated always as (id * 2) stored, author uuid references auth.users on delete cascade,
    constraint sane check (id > 0));
  create index notes_by_author on own.notes (author);
  alter table own.notes enable row level security;
  create policy "authors read their notes" on own.notes for select to authenticated using ((select auth.uid()) = author);
  grant select, update (text) on own.notes to authenticated;
  create view own.texts with (security_invoker = true) as select text from own.notes;
  create function own.touch() returns trigger language plpgsql as $$ begin return new; end $$;
  revoke all on function own.touch() from public;
  grant execute on function own.touch() to service_role;
  create trigger touched before update on own.notes for each row execute function own.touch();
  create trigger a_person_came after insert on auth.users for each row execute function own.touch();
  create policy "all may look" on storage.objects for select to anon using (bucket_id = 'open');
  alter publication supabase_realtime add table own.notes;
  alter default privileges in schema own grant select on tables to anon;
`

async function dump(database: TestDatabase): Promise<string> {
  const connection = await database.sql('supabase_admin').reserve()
  try {
    return await dumpSchema(connection)
  } finally {
    connection.release()
  }
}

test('the dump shows every kind of object that a migration makes', async () => {
  await using database = await createTestDatabase()
  await database.sql('postgres').unsafe(NOTES)
  const text = await dump(database)
  for (const line of [
    'create schema own;\ngrant usage on schema own to authenticated;',
    '-- new tables in own are granted to anon',
    "create type own.mood as enum ('good', 'bad');",
    'create domain own.short as text CHECK ((length(VALUE) < 9));',
    'create sequence own.numbers as bigint start 1 increment 1;',
    '  id integer generated always as identity not null,',
    "  text own.short default 'x'::text not null,",
    '  doubled integer generated always as ((id * 2)) stored,',
    '  constraint notes_author_fkey FOREIGN KEY (author) REFERENCES auth.users(id) ON DELETE CASCADE,',
    '  constraint sane CHECK (id > 0)',
    'CREATE INDEX notes_by_author ON own.notes USING btree (author);',
    'alter table own.notes enable row level security;',
    'create policy "authors read their notes" on own.notes for select to authenticated',
    'grant select, update (text) on own.notes to authenticated;',
    'create view own.texts with (security_invoker=true) as',
    'CREATE TRIGGER touched BEFORE UPDATE ON own.notes',
    '$function$;\ngrant execute on function own.touch() to service_role;',
    '-- on auth.users, which belongs to the platform',
    'CREATE TRIGGER a_person_came AFTER INSERT ON auth.users',
    'create policy "all may look" on storage.objects for select to anon',
    'alter publication supabase_realtime add table own.notes;',
  ]) {
    expect(text).toContain(line)
  }
})

test('the dump does not depend on the order in which things were made', async () => {
  await using one = await createTestDatabase()
  await using other = await createTestDatabase()
  const [a, b] = ['create table public.zz_a (id int)', 'create table public.zz_b (id int)']
  await one.sql('postgres').unsafe(`${a}; ${b}`)
  await other.sql('postgres').unsafe(`${b}; ${a}`)
  expect(await dump(one)).toBe(await dump(other))
})

test('a table without row-level security stands out', async () => {
  await using database = await createTestDatabase()
  await database.sql('postgres')`create table public.open (id int)`
  expect(await dump(database)).toContain(');\n-- WITHOUT ROW LEVEL SECURITY')
})
