-- Hosted Supabase lets `postgres` write policies on, and drop triggers from, some tables that it does not own; an
-- extension (supautils) grants that, which Postgres itself cannot express. Here an event trigger lends `postgres`
-- the role that owns the table for exactly that one command: lent when the command starts, taken back when it ends,
-- and, should the command fail, undone with its transaction. No other command ever runs with it, so everything else
-- that an owner may do stays refused with the same 42501 as on hosted.

create schema if not exists platform;
revoke all on schema platform from public;

-- By which version of these files the database was made, and which text of each migration it has.
create table if not exists platform.stamp (hash text not null);
create table if not exists platform.migrations (version text primary key, hash text not null);

create or replace function platform.lend_ownership() returns event_trigger
language plpgsql security definer set search_path = '' as $$
begin
  if session_user = 'postgres' or current_setting('role', true) = 'postgres' then
    grant supabase_auth_admin, supabase_storage_admin, supabase_realtime_admin to postgres
      with inherit true, set false;
  end if;
end
$$;

create or replace function platform.return_ownership() returns event_trigger
language plpgsql security definer set search_path = '' as $$
begin
  if session_user = 'postgres' or current_setting('role', true) = 'postgres' then
    revoke supabase_auth_admin, supabase_storage_admin, supabase_realtime_admin from postgres;
    perform platform.refuse_in_realtime(object_identity) from pg_event_trigger_ddl_commands();
  end if;
end
$$;

create or replace function platform.check_dropped() returns event_trigger
language plpgsql security definer set search_path = '' as $$
begin
  if session_user = 'postgres' or current_setting('role', true) = 'postgres' then
    perform platform.refuse_in_realtime(object_identity) from pg_event_trigger_dropped_objects();
  end if;
end
$$;

-- The identity of a policy or a trigger reads `name on schema.table`.
create or replace function platform.refuse_in_realtime(identity text) returns void
language plpgsql set search_path = '' as $$
begin
  if identity like '% on realtime.%' and identity not like '% on realtime.messages' then
    raise insufficient_privilege using message = format('must be owner of %s', split_part(identity, ' on ', 2));
  end if;
end
$$;

drop event trigger if exists lend_ownership;
create event trigger lend_ownership on ddl_command_start
  when tag in ('CREATE POLICY', 'ALTER POLICY', 'DROP POLICY', 'DROP TRIGGER')
  execute function platform.lend_ownership();

drop event trigger if exists return_ownership;
create event trigger return_ownership on ddl_command_end
  when tag in ('CREATE POLICY', 'ALTER POLICY', 'DROP POLICY', 'DROP TRIGGER')
  execute function platform.return_ownership();

drop event trigger if exists check_dropped;
create event trigger check_dropped on sql_drop
  when tag in ('DROP POLICY', 'DROP TRIGGER')
  execute function platform.check_dropped();
