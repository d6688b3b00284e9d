-- The tables are those of @supabase/lite. What it leaves out and people put into their seeds is added here.

alter table auth.users add column if not exists instance_id uuid;
alter table auth.users add column if not exists is_super_admin boolean;
alter table auth.identities alter column id set default gen_random_uuid();

do $$
declare
  relation regclass;
begin
  execute 'alter schema auth owner to supabase_admin';
  for relation in select oid from pg_class where relnamespace = 'auth'::regnamespace and relkind = 'r' loop
    execute format('alter table %s owner to supabase_auth_admin', relation);
    execute format('alter table %s enable row level security', relation);
    execute format('revoke all on %s from public, anon, authenticated, service_role', relation);
    execute format('grant select on %s to postgres with grant option', relation);
    execute format('grant insert, update, delete, truncate, references, trigger on %s to postgres', relation);
  end loop;
end
$$;

grant usage on schema auth to postgres, anon, authenticated, service_role;
grant usage, create on schema auth to supabase_auth_admin;

-- Owned by the superuser, so that the library behind the gateway cannot put its simpler ones in their place.
create or replace function auth.uid() returns uuid language sql stable as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.sub', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'
  )::uuid
$$;

create or replace function auth.role() returns text language sql stable as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.role', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role'
  )
$$;

create or replace function auth.email() returns text language sql stable as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.email', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'email'
  )
$$;

create or replace function auth.jwt() returns jsonb language sql stable as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')
  )::jsonb
$$;
