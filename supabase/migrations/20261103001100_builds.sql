-- Builds: the wish for a deployment, and what became of it.
--
--             claim_build              finish_build ▶ succeeded
--   pending ─────────────▶ running ──▶ fail_build   ▶ failed
--      │                    │   ▲ lease expired: claim_build (same state, next token; after three claims ▶ failed)
--      │ a newer request    └───┘
--      ▼                    │ lease expired and a newer one waits
--   superseded ◀────────────┘          cancel_build, rollback, unpublish: pending or running ▶ cancelled
--
-- A change of files requests a preview in its own transaction, so none is forgotten. At most one build of a project and
-- kind is pending, and at most one runs (two unique indexes say so): while one runs, one waits, and builds whatever the
-- tree is when it is claimed. A pending build absorbs what the same run or person changes next, which costs one update;
-- who else asks supersedes it. A production build builds its checkpoint.
--
-- A claim is a lease with a fencing token, as that of a run: a builder that was frozen, cut off or cancelled is refused
-- with BT040, and has changed nothing. An expired lease still counts until somebody claims the build.
create table public.builds (
  id uuid primary key default gen_random_uuid(),
  project_id uuid not null references public.projects on delete cascade,
  kind text not null check (kind in ('preview', 'production')),
  state text not null default 'pending'
    check (state in ('pending', 'running', 'succeeded', 'failed', 'superseded', 'cancelled')),
  trigger text not null check (trigger in
    ('template', 'run', 'edit', 'restore', 'import', 'fork', 'variables', 'manual', 'retry', 'publish')),
  version bigint not null,
  changed_at timestamptz not null,
  checkpoint_id uuid,
  run_id uuid,
  chat_id uuid,
  requested_by uuid,
  attempts integer not null default 0,
  lease_token bigint not null default 0,
  lease_expires_at timestamptz,
  worker text,
  reason text,
  errors jsonb not null default '[]',
  type_errors jsonb,
  log jsonb not null default '[]',
  signature text,
  variables jsonb not null default '{}',
  duration_ms integer,
  size bigint,
  deployment_id uuid,
  created_at timestamptz not null default clock_timestamp(),
  started_at timestamptz,
  ended_at timestamptz,
  check ((state = 'running') = (lease_expires_at is not null)),
  check ((state in ('pending', 'running')) = (ended_at is null)),
  check ((kind = 'production') = (checkpoint_id is not null))
) with (fillfactor = 70);
create unique index one_pending_build on public.builds (project_id, kind) where state = 'pending';
create unique index one_running_build on public.builds (project_id, kind) where state = 'running';
create index builds_of_a_project on public.builds (project_id, kind, created_at);
create index living_builds on public.builds (created_at) where state in ('pending', 'running');

alter table public.builds enable row level security;
revoke all on public.builds from public, anon, authenticated, service_role;
grant select on public.builds to authenticated, service_role;

create policy "members read the builds of their projects" on public.builds
for select to authenticated using (project_id in (select baton.my_projects()));

-- Small, since every screen of the project is sent it: the log and most errors are read with `build_snapshot`.
create function baton.build_json(build public.builds)
returns jsonb language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object('id', build.id, 'project_id', build.project_id, 'kind', build.kind, 'state', build.state,
    'trigger', build.trigger, 'version', build.version, 'changed_at', baton.instant(build.changed_at),
    'checkpoint_id', build.checkpoint_id, 'run_id', build.run_id, 'chat_id', build.chat_id,
    'requested_by', build.requested_by, 'attempts', build.attempts, 'reason', build.reason,
    'errors', baton.first_errors(build.errors), 'error_count', jsonb_array_length(build.errors),
    'type_error_count', jsonb_array_length(build.type_errors), 'duration_ms', build.duration_ms, 'size', build.size,
    'deployment_id', build.deployment_id, 'created_at', baton.instant(build.created_at),
    'started_at', baton.instant(build.started_at), 'ended_at', baton.instant(build.ended_at));
end
$$;

create function baton.first_errors(errors jsonb)
returns jsonb language plpgsql immutable set search_path = '' as $$
begin
  if errors = '[]' then return errors; end if;
  return (
    select jsonb_agg(e.value || jsonb_build_object('message', left(e.value ->> 'message', 2000),
      'frame', left(e.value ->> 'frame', 2000)) order by e.ordinality)
    from jsonb_array_elements(errors) with ordinality e where e.ordinality <= 20
  );
end
$$;

create function baton.build_event(build public.builds)
returns baton.new_event language plpgsql stable set search_path = '' as $$
begin
  return row('project:' || build.project_id, 'build.changed', baton.build_json(build))::baton.new_event;
end
$$;

create function baton.last_build(project_id uuid, kind text)
returns jsonb language plpgsql stable set search_path = '' as $$
begin
  return (
    select baton.build_json(b) from public.builds b
    where b.project_id = last_build.project_id and b.kind = last_build.kind and b.state <> 'superseded'
    order by b.created_at desc limit 1
  );
end
$$;

-- The tree is held by the caller, who appends the events last.
create function baton.request_preview(
  project_id uuid, trigger text, requested_by uuid default null, run_id uuid default null
)
returns baton.new_event[] language plpgsql set search_path = '' as $$
declare
  wanted public.builds;
begin
  update public.builds b set version = t.version, changed_at = clock_timestamp()
  from public.trees t
  where b.project_id = request_preview.project_id and b.kind = 'preview' and b.state = 'pending'
    and t.project_id = b.project_id and b.trigger = request_preview.trigger
    and b.run_id is not distinct from request_preview.run_id
    and b.requested_by is not distinct from request_preview.requested_by;
  if found then return '{}'; end if;
  wanted.project_id := request_preview.project_id;
  wanted.kind := 'preview';
  wanted.trigger := request_preview.trigger;
  wanted.requested_by := request_preview.requested_by;
  wanted.run_id := request_preview.run_id;
  wanted.chat_id := (select r.chat_id from public.runs r where r.id = request_preview.run_id);
  wanted.version := (select t.version from public.trees t where t.project_id = request_preview.project_id);
  wanted.changed_at := clock_timestamp();
  return baton.put_in_line(wanted);
end
$$;

-- In the place of the one that waited, and builders are told.
create function baton.put_in_line(wanted public.builds)
returns baton.new_event[] language plpgsql set search_path = '' as $$
declare
  events baton.new_event[] := baton.end_pending(wanted.project_id, wanted.kind, 'superseded', 'newer');
  build public.builds;
begin
  insert into public.builds
    (project_id, kind, trigger, version, changed_at, checkpoint_id, run_id, chat_id, requested_by)
  values (wanted.project_id, wanted.kind, wanted.trigger, wanted.version, wanted.changed_at, wanted.checkpoint_id,
    wanted.run_id, wanted.chat_id, wanted.requested_by)
  returning * into build;
  perform pg_notify('builds', build.project_id::text);
  return events || baton.build_event(build);
end
$$;

create function baton.end_pending(project_id uuid, kind text, state text, reason text)
returns baton.new_event[] language plpgsql set search_path = '' as $$
declare
  build public.builds;
begin
  update public.builds b
  set state = end_pending.state, reason = end_pending.reason, ended_at = clock_timestamp()
  where b.project_id = end_pending.project_id and b.kind = end_pending.kind and b.state = 'pending'
  returning b.* into build;
  if not found then return '{}'; end if;
  return array[baton.build_event(build)];
end
$$;

-- The host is held. Whoever builds it learns it at the next write.
create function baton.end_running(project_id uuid, kind text, state text, reason text)
returns baton.new_event[] language plpgsql set search_path = '' as $$
declare
  build public.builds;
begin
  update public.builds b
  set state = end_running.state, reason = end_running.reason, ended_at = clock_timestamp(),
      lease_token = b.lease_token + 1, lease_expires_at = null
  where b.project_id = end_running.project_id and b.kind = end_running.kind and b.state = 'running'
  returning b.* into build;
  if not found then return '{}'; end if;
  return array[baton.build_event(build)];
end
$$;

-- The present files, once more: after the builder was mended, say.
create function public.request_build(project_id uuid)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  project constant public.projects := baton.project_to_change(request_build.project_id);
begin
  perform baton.lock_tree(project.id);
  perform baton.append_events(baton.request_preview(project.id, 'manual', baton.caller()));
  return baton.last_build(project.id, 'preview');
end
$$;

create function public.retry_build(build_id uuid)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  build public.builds := baton.build_of_caller(retry_build.build_id);
begin
  perform baton.project_to_change(build.project_id);
  if build.kind = 'production' then perform baton.require_publisher(build.project_id); end if;
  if build.state not in ('failed', 'cancelled') then
    perform baton.refuse('BT042', 'Only a build that failed or was cancelled can be tried again.', 'Request a new one.',
      jsonb_build_object('state', build.state));
  end if;
  perform baton.lock_tree(build.project_id);
  build.requested_by := baton.caller();
  if build.kind = 'preview' then
    perform baton.append_events(baton.request_preview(build.project_id, 'retry', build.requested_by));
  else
    build.trigger := 'retry';
    perform baton.append_events(baton.put_in_line(build));
  end if;
  return baton.last_build(build.project_id, build.kind);
end
$$;

create function public.cancel_build(build_id uuid)
returns void language plpgsql security definer set search_path = '' as $$
declare
  build public.builds := baton.build_of_caller(cancel_build.build_id);
begin
  if build.kind = 'production' then perform baton.require_publisher(build.project_id); end if;
  perform baton.hold_host(build.project_id, build.kind);
  update public.builds b
  set state = 'cancelled', reason = 'cancelled', ended_at = clock_timestamp(), lease_token = b.lease_token + 1,
      lease_expires_at = null
  where b.id = build.id and b.state in ('pending', 'running') returning b.* into build;
  if not found then return; end if;
  perform baton.append_events(array[baton.build_event(build)]);
end
$$;

create function public.build_snapshot(build_id uuid)
returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare
  build constant public.builds := baton.build_of_caller(build_snapshot.build_id);
begin
  return jsonb_build_object(
    'seq', baton.head('project:' || build.project_id),
    'build', baton.build_json(build),
    'errors', build.errors,
    'type_errors', build.type_errors,
    'log', build.log,
    'deployment', (select baton.deployment_json(d) from public.deployments d where d.id = build.deployment_id)
  );
end
$$;

revoke all on function
  public.request_build(uuid), public.retry_build(uuid), public.cancel_build(uuid), public.build_snapshot(uuid)
from public, anon, authenticated, service_role;
grant execute on function
  public.request_build(uuid), public.retry_build(uuid), public.cancel_build(uuid), public.build_snapshot(uuid)
to authenticated;

create function baton.build_of_caller(build_id uuid)
returns public.builds language plpgsql stable set search_path = '' as $$
declare
  build public.builds;
begin
  select b.* into build from public.builds b where b.id = build_of_caller.build_id;
  perform baton.project_of_caller(build.project_id);
  return build;
end
$$;

create function baton.build_error_shape(given jsonb, most integer)
returns jsonb language plpgsql immutable set search_path = '' as $$
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object('file', left(e.value ->> 'file', 500),
      'line', case jsonb_typeof(e.value -> 'line') when 'number' then e.value -> 'line' end,
      'column', case jsonb_typeof(e.value -> 'column') when 'number' then e.value -> 'column' end,
      'message', left(coalesce(e.value ->> 'message', 'Unknown error'), 16384), 'frame', left(e.value ->> 'frame', 16384))
      order by e.ordinality), '[]')
    from jsonb_array_elements(case jsonb_typeof(given) when 'array' then given else '[]' end) with ordinality e
    where jsonb_typeof(e.value) = 'object' and e.ordinality <= most
  );
end
$$;

-- A log keeps its first 1,000 lines and its last 1,000.
create function baton.bounded_log(lines jsonb)
returns jsonb language plpgsql immutable set search_path = '' as $$
begin
  if jsonb_array_length(lines) <= 2001 then return lines; end if;
  return jsonb_path_query_array(lines, '$[0 to 999]')
    || jsonb_build_object('at_ms', lines -> 999 -> 'at_ms', 'level', 'info', 'text', '… lines were left out here …')
    || jsonb_path_query_array(lines, '$[last - 999 to last]');
end
$$;

create function baton.log_lines(given jsonb)
returns jsonb language plpgsql immutable set search_path = '' as $$
declare
  lines constant jsonb := case jsonb_typeof(given) when 'array' then given else '[]' end;
  count constant integer := jsonb_array_length(lines);
begin
  if count = 0 then return '[]'; end if;
  return (
    select coalesce(jsonb_agg(jsonb_build_object(
      'at_ms', case jsonb_typeof(l.value -> 'at_ms') when 'number' then l.value -> 'at_ms' else '0' end,
      'level', case when l.value ->> 'level' in ('warn', 'error') then l.value ->> 'level' else 'info' end,
      'text', left(coalesce(l.value ->> 'text', ''), 4096)) order by l.ordinality), '[]')
    from jsonb_array_elements(lines) with ordinality l
    where jsonb_typeof(l.value) = 'object' and (l.ordinality <= 1001 or l.ordinality > count - 1001)
  );
end
$$;
