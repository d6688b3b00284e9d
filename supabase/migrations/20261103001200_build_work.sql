-- What builders do. One call claims a build and hands over its sources; for a project that the builder holds in memory
-- only what changed since. One call ends it: the deployment, the pointer and the events commit together, or not at all.
--
-- A claim finds its build without a lock, then holds the host of its project and kind, under which everything that
-- decides about several builds happens; so a claim, an end and a rollback come one after the other. The sources are read
-- in one statement, hence at one moment: their version is that of the contents, whatever is written meanwhile. Whoever
-- changes files while a claim is under way waits for the pending row, finds it running, and puts a new build in line.

-- A build that waits is due unless one of its project and kind is running. A project that another builder built within
-- the last minute is left to that one for a moment, since it has its files in memory.
create function public.claim_build(
  worker text, lease_seconds integer default 15, held jsonb default '{}', kinds text[] default '{preview,production}'
)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  candidate record;
  build public.builds;
begin
  for candidate in
    select b.project_id, b.kind from public.builds b
    where b.state in ('pending', 'running') and b.kind = any (kinds) and coalesce(b.lease_expires_at <= now(), true)
      and not exists (
        select from public.builds r
        where r.project_id = b.project_id and r.kind = b.kind and r.state = 'running' and r.lease_expires_at > now()
      )
      and (b.state = 'running' or held ? b.project_id::text or b.created_at < clock_timestamp() - interval '25 milliseconds'
        or coalesce(baton.last_builder(b.project_id, b.kind), claim_build.worker) = claim_build.worker)
    order by held ? b.project_id::text desc, b.created_at limit 8
  loop
    build := baton.try_claim_build(candidate.project_id, candidate.kind, worker, lease_seconds);
    if build.id is not null then return baton.claimed_build_json(build, held); end if;
  end loop;
  return null;
end
$$;

create function baton.last_builder(project_id uuid, kind text)
returns text language plpgsql stable set search_path = '' as $$
begin
  return (
    select b.worker from public.builds b
    where b.project_id = last_builder.project_id and b.kind = last_builder.kind
      and b.created_at > now() - interval '60 seconds' and b.worker is not null
    order by b.created_at desc limit 1
  );
end
$$;

-- The newest of those that live; one that died before it is superseded.
create function baton.try_claim_build(project_id uuid, kind text, worker text, lease_seconds integer)
returns public.builds language plpgsql set search_path = '' as $$
declare
  host constant public.hosts := baton.hold_host(project_id, kind);
  build public.builds;
  events baton.new_event[] := '{}';
begin
  if exists (
    select from public.builds b where b.project_id = host.project_id and b.kind = host.kind and b.state = 'running'
      and b.lease_expires_at > clock_timestamp()
  ) then return null; end if;
  select b.* into build from public.builds b
  where b.project_id = host.project_id and b.kind = host.kind and b.state in ('pending', 'running')
  order by b.state = 'pending' desc limit 1 for no key update;
  if not found then return null; end if;
  if build.state = 'pending' then
    events := baton.end_running(host.project_id, host.kind, 'superseded', 'newer');
  elsif build.attempts >= 3 then
    perform baton.append_events(baton.end_running(host.project_id, host.kind, 'failed', 'dead'));
    return null;
  end if;
  update public.builds b
  set state = 'running', lease_token = b.lease_token + 1, lease_expires_at = baton.lease_until(lease_seconds),
      worker = try_claim_build.worker, attempts = b.attempts + 1, started_at = clock_timestamp(),
      variables = baton.variables_of(b.project_id), log = '[]',
      version = case b.kind when 'preview' then baton.tree_version(b.project_id) else b.version end
  where b.id = build.id returning b.* into build;
  perform baton.append_events(events || baton.build_event(build));
  return build;
end
$$;

create function baton.tree_version(project_id uuid)
returns bigint language plpgsql stable set search_path = '' as $$
begin
  return (
    select t.version from public.trees t where t.project_id = tree_version.project_id
  );
end
$$;

-- The tree may have moved on since `version` was written, which only makes the sources newer: then so is the build.
create function baton.claimed_build_json(build public.builds, held jsonb)
returns jsonb language plpgsql set search_path = '' as $$
declare
  sources constant jsonb := case build.kind
    when 'preview' then baton.sources_since(build.project_id, (held ->> build.project_id::text)::bigint)
    else baton.sources_of_checkpoint(build.checkpoint_id) end;
begin
  if (sources ->> 'version')::bigint > build.version then
    update public.builds b set version = (sources ->> 'version')::bigint where b.id = build.id returning b.* into build;
  end if;
  return jsonb_build_object('token', build.lease_token, 'lease_expires_at', baton.instant(build.lease_expires_at),
    'build', baton.build_json(build),
    'project', (select jsonb_build_object('id', p.id, 'team_id', p.team_id, 'name', p.name, 'slug', p.slug)
      from public.projects p where p.id = build.project_id),
    'variables', build.variables, 'sources', sources);
end
$$;

-- All that it reads is of one moment, since it is one statement of its caller. A base from the future stands for none.
create function baton.sources_since(project_id uuid, base bigint)
returns jsonb language plpgsql stable set search_path = '' as $$
declare
  tree constant public.trees := (select t from public.trees t where t.project_id = sources_since.project_id);
  since constant bigint := case when base between 0 and tree.version then base end;
begin
  return jsonb_build_object('version', tree.version, 'base_version', since,
    'files', array(
      select jsonb_build_object('path', f.path, 'hash', f.hash, 'size', f.size,
        'content', case when f.sum <= 8388608 then f.content end)
      from (
        select f.path, f.hash, f.size, b.content, sum(f.size) over (order by f.path) as sum
        from public.files f join public.blobs b using (project_id, hash)
        where f.project_id = tree.project_id and f.version > coalesce(since, -1)
      ) f order by f.path
    ),
    'removed', array(
      select distinct coalesce(o.from_path, o.path)
      from public.file_operations o
      where o.project_id = tree.project_id and o.version > since and o.op in ('delete', 'move')
        and not exists (
          select from public.files f where f.project_id = o.project_id and f.path = coalesce(o.from_path, o.path)
        )
    ));
end
$$;

create function baton.sources_of_checkpoint(checkpoint_id uuid, inline_bytes bigint default 8388608)
returns jsonb language plpgsql stable set search_path = '' as $$
begin
  return (
    select jsonb_build_object('version', c.version, 'base_version', null, 'removed', '[]'::jsonb, 'files', array(
      select jsonb_build_object('path', f.path, 'hash', f.hash, 'size', f.size,
        'content', case when f.sum <= inline_bytes then f.content end)
      from (
        select t.key as path, b.hash, b.size, b.content, sum(b.size) over (order by t.key collate "C") as sum
        from jsonb_each(c.tree) t join public.blobs b on b.project_id = c.project_id and b.hash = t.value ->> 'hash'
      ) f order by f.path collate "C"
    ))
    from public.checkpoints c where c.id = sources_of_checkpoint.checkpoint_id
  );
end
$$;

-- Contents that were too much for the claim; of a preview those of now, of which the hash tells whether it is still the
-- one that was claimed.
create function public.read_build_sources(build_id uuid, token bigint, paths text[])
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  build constant public.builds := baton.hold_build(read_build_sources.build_id, read_build_sources.token);
begin
  return to_jsonb(array(
    select jsonb_build_object('path', w.path, 'hash', b.hash, 'size', b.size, 'content', b.content)
    from unnest(paths) w (path)
    left join public.checkpoints c on c.id = build.checkpoint_id
    left join public.files f on c.id is null and f.project_id = build.project_id and f.path = w.path
    join public.blobs b on b.project_id = build.project_id and b.hash = coalesce(c.tree -> w.path ->> 'hash', f.hash)
    order by w.path collate "C"
  ));
end
$$;

create function public.extend_build_lease(
  build_id uuid, token bigint, lease_seconds integer default 15, lines jsonb default null
)
returns text language plpgsql security definer set search_path = '' as $$
declare
  build public.builds := baton.hold_build(extend_build_lease.build_id, extend_build_lease.token);
  told constant jsonb := baton.log_lines(extend_build_lease.lines);
begin
  update public.builds b
  set lease_expires_at = baton.lease_until(lease_seconds),
      log = case when told = '[]' then b.log else baton.bounded_log(b.log || told) end
  where b.id = build.id returning b.* into build;
  if told <> '[]' then
    perform public.append_event('project:' || build.project_id, 'build.progress',
      jsonb_build_object('id', build.id, 'lines', jsonb_path_query_array(told, '$[0 to 199]')));
  end if;
  return baton.instant(build.lease_expires_at);
end
$$;

-- Repeating it after it succeeded answers the same, and changes nothing.
create function public.finish_build(
  build_id uuid, token bigint, manifest jsonb, stats jsonb default '{}', log jsonb default '[]',
  fresh jsonb default '[]', type_errors jsonb default null
)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  build public.builds := baton.hold_build_and_host(finish_build.build_id, finish_build.token, 'succeeded');
  host constant public.hosts := baton.hold_host(build.project_id, build.kind);
  deployment public.deployments;
begin
  if build.state = 'succeeded' then return baton.finished_json(build); end if;
  deployment := baton.deploy(build, host, finish_build.manifest, finish_build.stats, finish_build.fresh);
  update public.builds b
  set state = 'succeeded', ended_at = clock_timestamp(), lease_expires_at = null, deployment_id = deployment.id,
      duration_ms = deployment.duration_ms, size = deployment.size,
      log = baton.bounded_log(b.log || baton.log_lines(finish_build.log)),
      type_errors = case when finish_build.type_errors is not null
        then baton.build_error_shape(finish_build.type_errors, 200) end
  where b.id = build.id returning b.* into build;
  if build.kind = 'preview' then perform baton.end_mending(build.project_id, 'mended'); end if;
  perform baton.append_events(array[
    baton.build_event(build),
    row('project:' || build.project_id, 'deployment.made', baton.deployment_json(deployment))::baton.new_event,
    baton.point_host(host, deployment.id)
  ]);
  return baton.finished_json(build);
end
$$;

create function baton.finished_json(build public.builds)
returns jsonb language plpgsql immutable set search_path = '' as $$
begin
  return jsonb_build_object('deployment_id', build.deployment_id, 'state', build.state);
end
$$;

-- The last good deployment stays where it is.
create function public.fail_build(
  build_id uuid, token bigint, errors jsonb, log jsonb default '[]', stats jsonb default '{}',
  reason text default 'errors'
)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  build public.builds;
  events baton.new_event[];
begin
  perform from public.chats c
  where c.id = (select b.chat_id from public.builds b where b.id = fail_build.build_id) for no key update;
  build := baton.hold_build_and_host(fail_build.build_id, fail_build.token, 'failed');
  if build.state <> 'failed' then
    update public.builds b
    set state = 'failed', reason = left(coalesce(fail_build.reason, 'errors'), 100), ended_at = clock_timestamp(),
        lease_expires_at = null, errors = baton.build_error_shape(fail_build.errors, 100),
        duration_ms = baton.count_in(fail_build.stats, 'duration_ms'),
        log = baton.bounded_log(b.log || baton.log_lines(fail_build.log))
    where b.id = build.id returning b.* into build;
    update public.builds b set signature = baton.signature_of(b.errors) where b.id = build.id returning b.* into build;
    events := baton.build_event(build) || baton.mend(build);
    perform baton.append_events(events);
  end if;
  return jsonb_build_object('state', 'failed');
end
$$;

-- Types are checked beside: after the preview is there, and only while it is the newest.
create function public.report_type_errors(build_id uuid, token bigint, type_errors jsonb)
returns boolean language plpgsql security definer set search_path = '' as $$
declare
  build public.builds;
begin
  update public.builds b set type_errors = baton.build_error_shape(report_type_errors.type_errors, 200)
  where b.id = report_type_errors.build_id and b.lease_token = report_type_errors.token and b.state = 'succeeded'
    and exists (select from public.hosts h where h.deployment_id = b.deployment_id)
  returning b.* into build;
  if not found then return false; end if;
  perform baton.append_events(array[baton.build_event(build)]);
  return true;
end
$$;

revoke all on function
  public.claim_build(text, integer, jsonb, text[]), public.read_build_sources(uuid, bigint, text[]),
  public.extend_build_lease(uuid, bigint, integer, jsonb),
  public.finish_build(uuid, bigint, jsonb, jsonb, jsonb, jsonb, jsonb),
  public.fail_build(uuid, bigint, jsonb, jsonb, jsonb, text), public.report_type_errors(uuid, bigint, jsonb)
from public, anon, authenticated, service_role;
grant execute on function
  public.claim_build(text, integer, jsonb, text[]), public.read_build_sources(uuid, bigint, text[]),
  public.extend_build_lease(uuid, bigint, integer, jsonb),
  public.finish_build(uuid, bigint, jsonb, jsonb, jsonb, jsonb, jsonb),
  public.fail_build(uuid, bigint, jsonb, jsonb, jsonb, text), public.report_type_errors(uuid, bigint, jsonb)
to service_role;

create function baton.hold_build(build_id uuid, token bigint)
returns public.builds language plpgsql set search_path = '' as $$
declare
  build public.builds;
begin
  select b.* into build from public.builds b
  where b.id = hold_build.build_id and b.lease_token = hold_build.token and b.state = 'running' for no key update;
  if not found then perform baton.refuse_build(hold_build.build_id, hold_build.token); end if;
  return build;
end
$$;

-- The host first. A build that the same holder has ended like this already is answered too.
create function baton.hold_build_and_host(build_id uuid, token bigint, ended text)
returns public.builds language plpgsql set search_path = '' as $$
declare
  build public.builds;
begin
  perform from public.hosts h
  where (h.project_id, h.kind) = (
    select b.project_id, b.kind from public.builds b where b.id = hold_build_and_host.build_id
  ) for no key update;
  select b.* into build from public.builds b
  where b.id = hold_build_and_host.build_id and b.lease_token = hold_build_and_host.token
    and b.state in ('running', ended) for no key update;
  if not found then perform baton.refuse_build(hold_build_and_host.build_id, hold_build_and_host.token); end if;
  return build;
end
$$;

create function baton.refuse_build(build_id uuid, token bigint)
returns void language plpgsql stable set search_path = '' as $$
begin
  perform baton.refuse('BT040', 'This builder does not hold the build any more.', 'Stop working on it.',
    coalesce((
      select jsonb_build_object('build_id', b.id, 'state', b.state, 'reason', b.reason, 'token', refuse_build.token,
        'lease_token', b.lease_token)
      from public.builds b where b.id = refuse_build.build_id
    ), '{}'));
end
$$;

create function baton.count_in(stats jsonb, name text)
returns integer language plpgsql immutable set search_path = '' as $$
begin
  return (
    select case when jsonb_typeof(stats -> name) = 'number'
      then least(greatest((stats ->> name)::numeric, 0), 2147483647)::integer end
  );
end
$$;

-- Whether two failures are the same one: where and what, but for numbers, which move while the cause stays.
create function baton.signature_of(errors jsonb)
returns text language plpgsql immutable set search_path = '' as $$
begin
  return (
    select encode(sha256(convert_to(coalesce(string_agg(distinct
      coalesce(e ->> 'file', '') || ' ' || regexp_replace(e ->> 'message', '\d+', '#', 'g'), E'\n'), ''), 'UTF8')), 'hex')
    from jsonb_array_elements(errors) e
  );
end
$$;
