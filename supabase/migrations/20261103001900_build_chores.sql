-- What time does to builds. A build is never ended for its age: one whose builder still extends the lease goes on. One
-- whose lease ran out waits for the next builder, who is called; after three that died with it, it is given up. What
-- nobody needs any more goes in bites: old previews but the last 20 of a project, superseded builds, what they logged.
insert into baton.chores values ('forget_builds', now());

-- Waits for nobody who is at work on a build.
create function baton.sweep_builds()
returns baton.swept language plpgsql set search_path = '' as $$
declare
  due public.builds;
  given_up bigint := 0;
  events baton.new_event[] := baton.expire_preview_questions();
begin
  for due in
    select b.* from public.builds b
    where b.state in ('pending', 'running') and coalesce(b.lease_expires_at <= now(), b.created_at < now() - interval '2 seconds')
    order by b.created_at limit 50
  loop
    perform pg_notify('builds', due.project_id::text);
    if due.state = 'running' and due.attempts >= 3 and baton.hold_build_if_free(due) then
      given_up := given_up + 1;
      events := events || baton.end_running(due.project_id, due.kind, 'failed', 'dead');
    end if;
  end loop;
  return row(given_up, events);
end
$$;

create function baton.hold_build_if_free(build public.builds)
returns boolean language plpgsql set search_path = '' as $$
begin
  perform from public.hosts h
  where h.project_id = build.project_id and h.kind = build.kind for no key update skip locked;
  if not found then return false; end if;
  perform from public.builds b
  where b.id = build.id and b.lease_token = build.lease_token and b.state = 'running' and b.lease_expires_at <= now()
  for no key update skip locked;
  return found;
end
$$;

create function baton.forget_builds_when_due()
returns bigint language plpgsql set search_path = '' as $$
declare
  forgotten bigint;
begin
  if not exists (select from baton.chores c where c.name = 'forget_builds' and c.due_at <= now()) then return 0; end if;
  forgotten := baton.forget_previews(20, 200) + baton.forget_builds();
  update baton.chores c set due_at = now() + case when forgotten = 0 then interval '1 minute' else interval '2 seconds' end
  where c.name = 'forget_builds';
  delete from public.preview_questions q where q.created_at < now() - interval '1 day';
  return forgotten;
end
$$;

-- Keeps the last previews of each project, and whatever an address shows. What goes dooms the blobs that only it names.
create function baton.forget_previews(keep integer, bite integer)
returns bigint language plpgsql set search_path = '' as $$
declare
  gone text[];
  count bigint;
begin
  with old as (
    select d.id
    from public.projects p
    cross join lateral (
      select d.id from public.deployments d
      where d.project_id = p.id and d.kind = 'preview' order by d.created_at desc offset keep
    ) d
    where not exists (select from public.hosts h where h.deployment_id = d.id)
    limit bite
  ), forgotten as (
    delete from public.deployments d using old where d.id = old.id returning d.hashes
  )
  select count(*), array(select distinct h from forgotten f, unnest(f.hashes) h) into count, gone from forgotten;
  insert into public.doomed_blobs (hash)
  select h from unnest(gone) h where not baton.is_named_blob(h)
  on conflict on constraint doomed_blobs_pkey do nothing;
  return count;
end
$$;

-- Superseded builds tell nothing after a while; of the others a project keeps the last 200, and all that are deployed.
create function baton.forget_builds()
returns bigint language sql set search_path = '' as $$
  with forgotten as (
    delete from public.builds b where b.id in (
      select s.id from public.builds s
      where s.state = 'superseded' and s.ended_at < now() - interval '1 hour'
      limit 500
    ) or b.id in (
      select old.id
      from public.projects p
      cross join lateral (
        select o.id, o.state from public.builds o
        where o.project_id = p.id and not exists (select from public.deployments d where d.build_id = o.id)
        order by o.created_at desc offset 200
      ) old
      where old.state not in ('pending', 'running') limit 500
    )
    returning 1
  )
  select count(*) from forgotten
$$;
