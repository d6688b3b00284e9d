-- The tables are those of @supabase/lite.

do $$
declare
  relation regclass;
  routine regprocedure;
begin
  execute 'alter schema storage owner to supabase_admin';
  for relation in select oid from pg_class where relnamespace = 'storage'::regnamespace and relkind = 'r' loop
    execute format('alter table %s owner to supabase_storage_admin', relation);
    execute format('grant all on %s to anon, authenticated, service_role', relation);
    execute format('grant all on %s to postgres with grant option', relation);
  end loop;
  for routine in select oid from pg_proc where pronamespace = 'storage'::regnamespace loop
    execute format('alter function %s owner to supabase_storage_admin', routine);
  end loop;
end
$$;

grant usage on schema storage to postgres, anon, authenticated, service_role;
grant usage, create on schema storage to supabase_storage_admin;

-- Rows that vanish by SQL would leave their files behind: like on hosted, only the storage service may delete.
create or replace function storage.protect_delete() returns trigger language plpgsql as $$
begin
  if coalesce(current_setting('storage.allow_delete_query', true), 'false') != 'true'
    and session_user not in ('supabase_storage_admin', 'supabase_admin')
  then
    raise exception 'Direct deletion from storage tables is not allowed. Use the Storage API instead.'
      using errcode = '42501', hint = 'This prevents accidental data loss from orphaned objects.';
  end if;
  return null;
end
$$;
alter function storage.protect_delete() owner to supabase_storage_admin;

create or replace trigger protect_buckets_delete before delete on storage.buckets
  for each statement execute function storage.protect_delete();
create or replace trigger protect_objects_delete before delete on storage.objects
  for each statement execute function storage.protect_delete();
