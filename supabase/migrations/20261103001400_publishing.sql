-- Publishing: by a person, of a checkpoint. A production build makes the deployment, and its end moves the pointer; going
-- back moves the pointer alone. What people want last is what counts: a newer publish takes the place of one that waits,
-- and whoever goes back or takes the app down also cancels what is being built for production. All of this holds the host
-- of production, so each of them finds the others finished or not begun.

-- Null when the caller may publish; else whom to ask.
create function baton.whom_to_ask(project public.projects)
returns jsonb language plpgsql stable set search_path = '' as $$
begin
  if exists (
    select from public.memberships m
    where m.team_id = project.team_id and m.user_id = baton.caller() and m.role >= 'senior'
  ) then return null; end if;
  return to_jsonb(array(
    select jsonb_build_object('user_id', m.user_id, 'display_name', p.display_name, 'role', m.role)
    from public.memberships m join public.profiles p on p.user_id = m.user_id
    where m.team_id = project.team_id and m.role >= 'senior'
    order by m.role, p.display_name, m.user_id limit 20
  ));
end
$$;

create function baton.require_publisher(project_id uuid)
returns public.projects language plpgsql stable set search_path = '' as $$
declare
  project constant public.projects := baton.project_to_change(require_publisher.project_id);
  ask constant jsonb := baton.whom_to_ask(project);
begin
  if ask is null then return project; end if;
  perform baton.refuse('BT002', 'Publishing is for seniors, admins and owners of the team.', 'Ask one of them.',
    jsonb_build_object('needs', 'senior', 'ask', ask));
end
$$;

-- Without a checkpoint the present files, which get one.
create function public.publish(project_id uuid, checkpoint_id uuid default null)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  project constant public.projects := baton.require_publisher(publish.project_id);
  checkpoint public.checkpoints;
  made jsonb;
  wanted public.builds;
  events baton.new_event[] := '{}';
begin
  perform baton.lock_tree(project.id);
  if publish.checkpoint_id is null then
    made := baton.make_checkpoint(project.id, 'Published', baton.caller());
    if made is not null then events := array[baton.event('project:' || project.id, 'checkpoint.made', made)]; end if;
  end if;
  checkpoint := baton.checkpoint_to_publish(project.id, publish.checkpoint_id);
  wanted.project_id := project.id;
  wanted.kind := 'production';
  wanted.trigger := 'publish';
  wanted.version := checkpoint.version;
  wanted.changed_at := checkpoint.created_at;
  wanted.checkpoint_id := checkpoint.id;
  wanted.run_id := checkpoint.run_id;
  wanted.chat_id := checkpoint.chat_id;
  wanted.requested_by := baton.caller();
  perform baton.hold_host(project.id, 'production');
  perform baton.append_events(events || baton.put_in_line(wanted));
  return baton.last_build(project.id, 'production');
end
$$;

-- Instant: the deployment is there already.
create function public.rollback(project_id uuid, deployment_id uuid)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  project constant public.projects := baton.require_publisher(rollback.project_id);
  wanted constant uuid := (
    select d.id from public.deployments d
    where d.id = rollback.deployment_id and d.project_id = project.id and d.kind = 'production'
  );
begin
  if wanted is null then
    perform baton.refuse('BT003', 'There is no such deployment of this app for production.',
      'Choose one from the list of its deployments.');
  end if;
  return baton.settle_production(project.id, wanted, 'rolled_back');
end
$$;

create function public.unpublish(project_id uuid)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  project constant public.projects := baton.require_publisher(unpublish.project_id);
begin
  return baton.settle_production(project.id, null, 'unpublished');
end
$$;

-- What the dialog shows: what is there, what would change, and who and what is behind it.
create function public.publish_plan(project_id uuid, checkpoint_id uuid default null)
returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare
  project constant public.projects := baton.project_of_caller(publish_plan.project_id);
  checkpoint constant public.checkpoints := (
    select c from public.checkpoints c where c.project_id = project.id and (c.id = publish_plan.checkpoint_id
      or publish_plan.checkpoint_id is null and c.version = baton.tree_version(project.id))
  );
  host public.hosts;
  live public.deployments;
begin
  if publish_plan.checkpoint_id is not null and checkpoint.id is null then
    perform baton.checkpoint_to_publish(project.id, publish_plan.checkpoint_id);
  end if;
  select h.* into host from public.hosts h where h.project_id = project.id and h.kind = 'production';
  select d.* into live from public.deployments d where d.id = host.deployment_id;
  return jsonb_build_object(
    'checkpoint', case when checkpoint.id is not null then baton.checkpoint_json(checkpoint) end,
    'version', coalesce(checkpoint.version, baton.tree_version(project.id)),
    'run', (
      select jsonb_build_object('id', r.id, 'chat_id', r.chat_id, 'title', r.title, 'created_by', r.created_by)
      from public.runs r where r.id = coalesce(checkpoint.run_id, baton.last_writer(project.id))
    ),
    'production', case when live.id is not null then baton.deployment_json(live) end,
    'host', baton.host_json(host),
    'files', baton.changes_between(
      (select c.tree from public.checkpoints c where c.id = live.checkpoint_id),
      coalesce(checkpoint.tree, baton.tree_json(project.id))),
    'variables', baton.changed_variables(live.variables, baton.variables_of(project.id)),
    'ask', baton.whom_to_ask(project)
  );
end
$$;

revoke all on function
  public.publish(uuid, uuid), public.rollback(uuid, uuid), public.unpublish(uuid), public.publish_plan(uuid, uuid)
from public, anon, authenticated, service_role;
grant execute on function
  public.publish(uuid, uuid), public.rollback(uuid, uuid), public.unpublish(uuid), public.publish_plan(uuid, uuid)
to authenticated;

create function baton.checkpoint_to_publish(project_id uuid, checkpoint_id uuid)
returns public.checkpoints language plpgsql stable set search_path = '' as $$
declare
  checkpoint public.checkpoints;
begin
  select c.* into checkpoint from public.checkpoints c
  where c.project_id = checkpoint_to_publish.project_id and (c.id = checkpoint_to_publish.checkpoint_id
    or checkpoint_to_publish.checkpoint_id is null and c.version = baton.tree_version(c.project_id));
  if found then return checkpoint; end if;
  perform baton.refuse('BT003', 'There is no such version of this project.', 'Choose one from its history.');
end
$$;

create function baton.settle_production(project_id uuid, deployment_id uuid, reason text)
returns jsonb language plpgsql set search_path = '' as $$
declare
  host public.hosts := baton.hold_host(project_id, 'production');
  events baton.new_event[] := baton.end_pending(project_id, 'production', 'cancelled', reason)
    || baton.end_running(project_id, 'production', 'cancelled', reason);
begin
  if host.deployment_id is distinct from settle_production.deployment_id then
    events := events || baton.point_host(host, settle_production.deployment_id);
  end if;
  perform baton.append_events(events);
  select h.* into host from public.hosts h where h.kind = host.kind and h.slug = host.slug;
  return baton.host_json(host);
end
$$;

create function baton.last_writer(project_id uuid)
returns uuid language sql stable set search_path = '' as $$
  select o.run_id from public.file_operations o
  where o.project_id = last_writer.project_id order by o.version desc limit 1
$$;

create function baton.changes_between(before jsonb, after jsonb)
returns jsonb language sql immutable set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('path', path, 'size', coalesce((a.value ->> 'size')::integer, 0),
    'old_size', coalesce((b.value ->> 'size')::integer, 0),
    'change', case when b.value is null then 'added' when a.value is null then 'removed' else 'changed' end)
    order by path collate "C"), '[]')
  from jsonb_each(coalesce(before, '{}')) b (path, value)
  full join jsonb_each(coalesce(after, '{}')) a (path, value) using (path)
  where a.value ->> 'hash' is distinct from b.value ->> 'hash'
$$;

create function baton.changed_variables(before jsonb, after jsonb)
returns jsonb language sql immutable set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('name', name,
    'change', case when b.value is null then 'added' when a.value is null then 'removed' else 'changed' end)
    order by name collate "C"), '[]')
  from jsonb_each_text(coalesce(before, '{}')) b (name, value)
  full join jsonb_each_text(coalesce(after, '{}')) a (name, value) using (name)
  where a.value is distinct from b.value
$$;
