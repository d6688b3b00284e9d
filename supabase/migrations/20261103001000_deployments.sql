-- Deployments: what a build made. A deployment is a manifest (path → hash, type, size) and never changes; its blobs are
-- objects of the bucket `deployments`, named by their hash, and never change either. Hosts: the addresses, two for each
-- project, made with it. What an address shows is one pointer. Publishing, rolling back and every new preview are one
-- update of it, so whoever asks sees one whole deployment or another, at any moment.
--
-- The order of locks goes on from the one of runs.sql:
--
--   … → runs → turns, entries, calls, questions → projects → trees → hosts → builds → doomed blobs → topics
--
-- The row of a host is held by whatever moves its pointer and by whatever decides about more than one build of its kind
-- (claims, ends, cancels). So of a publish that ends and a rollback, one comes first and the other sees it. A request for a
-- build holds the tree instead, and touches at most the one build that is pending.
create table public.deployments (
  id uuid primary key default gen_random_uuid(),
  project_id uuid not null references public.projects on delete cascade,
  kind text not null check (kind in ('preview', 'production')),
  build_id uuid not null unique,
  version bigint not null,
  checkpoint_id uuid,
  run_id uuid,
  trigger text not null,
  created_by uuid,
  manifest jsonb not null,
  hashes text[] not null,
  file_count integer not null,
  size bigint not null,
  compressed_size bigint,
  duration_ms integer not null,
  variables jsonb not null default '{}',
  changed_at timestamptz not null,
  created_at timestamptz not null default clock_timestamp()
);
-- Hashes do not compress, and manifests are read far more often than they cost space.
alter table public.deployments alter column manifest set storage external, alter column hashes set storage external;
create index deployments_of_a_project on public.deployments (project_id, kind, created_at);
create index deployments_with_a_blob on public.deployments using gin (hashes);

-- `key` opens a private preview: it stands in the host name, so that no cookie is needed.
create table public.hosts (
  kind text not null check (kind in ('preview', 'production')),
  slug text not null,
  project_id uuid not null references public.projects on delete cascade,
  deployment_id uuid references public.deployments deferrable initially deferred,
  visibility text not null default 'link' check (visibility in ('link', 'private')),
  key text check ((kind = 'preview') = (key is not null)),
  updated_at timestamptz not null default clock_timestamp(),
  primary key (kind, slug),
  unique (project_id, kind)
);

alter table public.deployments enable row level security;
alter table public.hosts enable row level security;
revoke all on public.deployments, public.hosts from public, anon, authenticated, service_role;
grant select on public.deployments, public.hosts to authenticated, service_role;

create policy "members read the deployments of their projects" on public.deployments
for select to authenticated using (project_id in (select baton.my_projects()));
create policy "members read the hosts of their projects" on public.hosts
for select to authenticated using (project_id in (select baton.my_projects()));

insert into storage.buckets (id, name, public, file_size_limit)
values ('deployments', 'deployments', false, 52428800)
on conflict (id) do nothing;

create function baton.new_host_key()
returns text language sql volatile set search_path = '' as $$
  select string_agg(substr('abcdefghijklmnopqrstuvwxyz234567', get_byte(random.bytes, i) % 32 + 1, 1), '')
  from (select extensions.gen_random_bytes(16) as bytes) random, generate_series(0, 15) i
$$;

create function baton.make_hosts()
returns trigger language plpgsql security definer set search_path = '' as $$
begin
  insert into public.hosts (kind, slug, project_id, key)
  values ('preview', new.slug, new.id, baton.new_host_key()), ('production', new.slug, new.id, null);
  return null;
end
$$;
create trigger "a new project has its two addresses"
after insert on public.projects for each row execute function baton.make_hosts();

create function baton.deployment_json(deployment public.deployments)
returns jsonb language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object('id', deployment.id, 'project_id', deployment.project_id, 'kind', deployment.kind,
    'build_id', deployment.build_id, 'version', deployment.version, 'checkpoint_id', deployment.checkpoint_id,
    'run_id', deployment.run_id, 'trigger', deployment.trigger, 'created_by', deployment.created_by,
    'file_count', deployment.file_count, 'size', deployment.size, 'compressed_size', deployment.compressed_size,
    'duration_ms', deployment.duration_ms, 'changed_at', baton.instant(deployment.changed_at),
    'created_at', baton.instant(deployment.created_at));
end
$$;

create function baton.host_json(host public.hosts)
returns jsonb language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object('project_id', host.project_id, 'kind', host.kind, 'slug', host.slug,
    'deployment_id', host.deployment_id, 'visibility', host.visibility, 'key', host.key,
    'updated_at', baton.instant(host.updated_at));
end
$$;

create function baton.hold_host(project_id uuid, kind text)
returns public.hosts language plpgsql set search_path = '' as $$
declare
  host public.hosts;
begin
  select h.* into host from public.hosts h
  where h.project_id = hold_host.project_id and h.kind = hold_host.kind for no key update;
  return host;
end
$$;

-- The host is held. The one place where a pointer moves.
create function baton.point_host(host public.hosts, deployment_id uuid)
returns baton.new_event language plpgsql set search_path = '' as $$
begin
  update public.hosts h set deployment_id = point_host.deployment_id, updated_at = clock_timestamp()
  where h.kind = host.kind and h.slug = host.slug returning h.* into host;
  return baton.host_event(host);
end
$$;

-- Told to the preview host at once, too.
create function baton.host_event(host public.hosts)
returns baton.new_event language plpgsql volatile set search_path = '' as $$
begin
  perform pg_notify('hosts', jsonb_build_object('kind', host.kind, 'slug', host.slug, 'project_id', host.project_id,
    'deployment_id', host.deployment_id, 'version', d.version, 'changed_at', baton.instant(d.changed_at))::text)
  from (select host.deployment_id as id) pointer left join public.deployments d on d.id = pointer.id;
  return row('project:' || host.project_id, 'host.changed', baton.host_json(host))::baton.new_event;
end
$$;

create function public.set_preview_visibility(project_id uuid, visibility text)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  project constant public.projects := baton.project_to_change(set_preview_visibility.project_id);
  host public.hosts := baton.hold_host(project.id, 'preview');
begin
  if set_preview_visibility.visibility is null or set_preview_visibility.visibility not in ('link', 'private') then
    perform baton.refuse('BT004', 'A preview is for everybody with the link, or private.', 'Choose link or private.',
      '{"field": "visibility"}');
  end if;
  if host.visibility = set_preview_visibility.visibility then return baton.host_json(host); end if;
  update public.hosts h set visibility = set_preview_visibility.visibility, updated_at = clock_timestamp()
  where h.kind = host.kind and h.slug = host.slug returning h.* into host;
  perform baton.append_events(array[baton.host_event(host)]);
  return baton.host_json(host);
end
$$;

-- Whoever has the old link of a private preview is out.
create function public.reset_preview_link(project_id uuid)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  project constant public.projects := baton.project_to_change(reset_preview_link.project_id);
  host public.hosts := baton.hold_host(project.id, 'preview');
begin
  update public.hosts h set key = baton.new_host_key(), updated_at = clock_timestamp()
  where h.kind = host.kind and h.slug = host.slug returning h.* into host;
  perform baton.append_events(array[baton.host_event(host)]);
  return baton.host_json(host);
end
$$;

revoke all on function public.set_preview_visibility(uuid, text), public.reset_preview_link(uuid)
from public, anon, authenticated, service_role;
grant execute on function public.set_preview_visibility(uuid, text), public.reset_preview_link(uuid) to authenticated;

-- For the preview host: what is at an address. `label` is the first part of the host name, as <slug> or <slug>--<key>, or
-- a whole domain. Null when there is no such address. With a key that is no more, or never was, the preview is there and
-- says that it is private.
create function public.live_deployment(host_kind text, label text)
returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare
  host constant public.hosts := baton.host_at(host_kind, label);
  allowed constant boolean := host.visibility = 'link' or label = host.slug || '--' || host.key;
begin
  if host.slug is null then return null; end if;
  return jsonb_build_object('host', baton.host_json(host) - 'key', 'allowed', allowed, 'project_name', null,
      'archived', false, 'deployment', null, 'build', null)
    || case when allowed then (
      select jsonb_build_object('project_name', p.name, 'archived', p.archived_at is not null,
        'deployment', (select baton.deployment_json(d) || jsonb_build_object('manifest', d.manifest,
          'fresh', baton.fresh_contents(d.hashes)) from public.deployments d where d.id = host.deployment_id),
        'build', baton.last_build(host.project_id, host.kind))
      from public.projects p where p.id = host.project_id
    ) else '{}' end;
end
$$;

create function baton.host_at(host_kind text, label text)
returns public.hosts language plpgsql stable set search_path = '' as $$
declare
  host public.hosts;
begin
  if host_kind = 'domain' then
    select h.* into host from public.domains d join public.hosts h using (project_id)
    where d.domain = label and d.state = 'verified' and h.kind = 'production';
  elsif host_kind = 'production' then
    select h.* into host from public.hosts h where h.kind = 'production' and h.slug = label;
  else
    select h.* into host from public.hosts h
    where h.kind = host_kind and h.slug = regexp_replace(label, '--[a-z2-7]{16}$', '');
  end if;
  return host;
end
$$;

-- What hosts point to now, for whoever keeps an eye on a few of them.
create function public.read_pointers(hosts jsonb)
returns jsonb language plpgsql stable security definer set search_path = '' as $$
begin
  return to_jsonb(array(
    select jsonb_build_object('kind', h.kind, 'slug', h.slug, 'deployment_id', h.deployment_id,
      'visibility', h.visibility, 'updated_at', baton.instant(h.updated_at))
    from jsonb_to_recordset(read_pointers.hosts) wanted (kind text, slug text)
    join public.hosts h using (kind, slug)
    order by h.kind, h.slug
  ));
end
$$;

revoke all on function public.live_deployment(text, text), public.read_pointers(jsonb)
from public, anon, authenticated, service_role;
grant execute on function public.live_deployment(text, text), public.read_pointers(jsonb) to service_role;
