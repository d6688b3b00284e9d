-- Variables: settings of an app that its build puts into the bundle, as `import.meta.env.VITE_…`. Whoever opens the app
-- can read them there, so none of them is a secret, and what looks like one is refused: by its name, and by the shapes
-- that the keys of well-known services have. A refused value is written nowhere, and no event carries a value, so that
-- one that slipped through is gone when it is deleted.
create table public.variables (
  project_id uuid not null references public.projects on delete cascade,
  name text not null check (name ~ '^VITE_[A-Za-z0-9_]{1,60}$'),
  value text not null check (octet_length(value) <= 4096),
  updated_by uuid,
  updated_at timestamptz not null default clock_timestamp(),
  primary key (project_id, name)
);

alter table public.variables enable row level security;
revoke all on public.variables from public, anon, authenticated, service_role;
grant select on public.variables to authenticated, service_role;

create policy "members read the variables of their projects" on public.variables
for select to authenticated using (project_id in (select baton.my_projects()));

create function baton.variable_json(variable public.variables)
returns jsonb language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object('name', variable.name, 'value', variable.value, 'updated_by', variable.updated_by,
    'updated_at', baton.instant(variable.updated_at));
end
$$;

create function baton.variables_of(project_id uuid)
returns jsonb language plpgsql stable set search_path = '' as $$
begin
  return (
    select coalesce(jsonb_object_agg(v.name, v.value), '{}') from public.variables v
    where v.project_id = variables_of.project_id
  );
end
$$;

create function public.set_variable(project_id uuid, name text, value text)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  project constant public.projects := baton.project_to_change(set_variable.project_id);
  variable public.variables;
begin
  perform baton.require_public_variable(set_variable.name, set_variable.value);
  perform baton.lock_tree(project.id);
  perform baton.require_room_for_variable(project.id, set_variable.name);
  insert into public.variables as v (project_id, name, value, updated_by)
  values (project.id, set_variable.name, set_variable.value, baton.caller())
  on conflict on constraint variables_pkey do update
  set value = excluded.value, updated_by = excluded.updated_by, updated_at = excluded.updated_at
  where v.value <> excluded.value
  returning v.* into variable;
  if not found then
    select v.* into variable from public.variables v where v.project_id = project.id and v.name = set_variable.name;
    return baton.variable_json(variable);
  end if;
  perform baton.append_events(baton.event('project:' || project.id, 'variable.changed',
      baton.variable_json(variable) - 'value') || baton.request_preview(project.id, 'variables', baton.caller()));
  return baton.variable_json(variable);
end
$$;

create function public.delete_variable(project_id uuid, name text)
returns void language plpgsql security definer set search_path = '' as $$
declare
  project constant public.projects := baton.project_to_change(delete_variable.project_id);
begin
  perform baton.lock_tree(project.id);
  delete from public.variables v where v.project_id = project.id and v.name = delete_variable.name;
  if not found then return; end if;
  perform baton.append_events(baton.event('project:' || project.id, 'variable.deleted',
      jsonb_build_object('name', delete_variable.name))
    || baton.request_preview(project.id, 'variables', baton.caller()));
end
$$;

revoke all on function public.set_variable(uuid, text, text), public.delete_variable(uuid, text)
from public, anon, authenticated, service_role;
grant execute on function public.set_variable(uuid, text, text), public.delete_variable(uuid, text) to authenticated;

create function baton.require_room_for_variable(project_id uuid, name text)
returns void language plpgsql stable set search_path = '' as $$
begin
  if (
    select count(*) from public.variables v
    where v.project_id = require_room_for_variable.project_id and v.name <> require_room_for_variable.name
  ) < 100 then return; end if;
  perform baton.refuse('BT011', 'An app has at most 100 variables.', 'Delete one first.', '{"limit": 100}');
end
$$;

create function baton.require_public_variable(name text, value text)
returns void language plpgsql immutable set search_path = '' as $$
begin
  if name is null or name !~ '^VITE_[A-Za-z0-9_]{1,60}$' then
    perform baton.refuse('BT004', 'This name cannot be used for a variable.',
      'Use VITE_ and then letters, digits and underscores. Variables become part of the app, where everybody can read '
        || 'them; what must stay secret belongs to a backend.', '{"field": "name"}');
  end if;
  if value is null or octet_length(value) > 4096 or value ~ '[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f]' then
    perform baton.refuse('BT004', 'This value cannot be used.', 'Use at most 4 KB of text, without control characters.',
      '{"field": "value"}');
  end if;
  if baton.sounds_secret(name) then
    perform baton.refuse('BT043', 'This name says that the value is a secret.',
      'Variables become part of the app, where everybody can read them. Keep secrets at a backend, and call that.',
      '{"field": "name"}');
  end if;
  if baton.looks_secret(value) then
    perform baton.refuse('BT043', 'This value looks like a secret key.',
      'It was not stored. Variables become part of the app, where everybody can read them: use a public key, or keep '
        || 'the secret at a backend.', '{"field": "value"}');
  end if;
end
$$;

create function baton.sounds_secret(name text)
returns boolean language sql immutable set search_path = '' as $$
  select upper(name) ~ '(SECRET|PASSWORD|PASSWD|PASSPHRASE|PRIVATE_?KEY|SERVICE_?ROLE|DATABASE_URL|CREDENTIAL)'
$$;

-- A JSON web token whose claims say `service_role`. What does not decode is no token.
create function baton.is_powerful_token(value text)
returns boolean language plpgsql immutable set search_path = '' as $$
declare
  claims constant text := translate(split_part(value, '.', 2), '-_', '+/');
begin
  if value !~ '^\s*ey[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\s*$' then return false; end if;
  return convert_from(decode(rpad(claims, (length(claims) + 3) / 4 * 4, '='), 'base64'), 'UTF8') ~ 'service_role|supabase_admin';
exception when others then
  return false;
end
$$;

-- The shapes of keys that are never public, private keys, addresses with a password, and tokens of Supabase that pass its
-- rights by.
create function baton.looks_secret(value text)
returns boolean language sql immutable set search_path = '' as $$
  select value ~ concat_ws('|',
      'sb_secret_[A-Za-z0-9_-]{8}', 'sbp_[a-f0-9]{20}', '\m(sk|rk)[-_](live|test|proj|ant|or)[-_][A-Za-z0-9_-]{8}',
      '\msk-[A-Za-z0-9]{20}', '\mgh[pousr]_[A-Za-z0-9]{20}', '\mgithub_pat_[A-Za-z0-9_]{20}', '\mglpat-[A-Za-z0-9_-]{16}',
      '\mxox[abeoprs]-[A-Za-z0-9-]{10}', '\m(AKIA|ASIA)[A-Z0-9]{16}\M', '\mnpm_[A-Za-z0-9]{30}', '\mwhsec_[A-Za-z0-9+/]{16}',
      '\mSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16}', '-----BEGIN [A-Z ]*PRIVATE KEY', '^[a-z][a-z0-9+]*://[^/\s:@]+:[^/\s@]+@',
      '"private_key"\s*:')
    or baton.is_powerful_token(value)
$$;
