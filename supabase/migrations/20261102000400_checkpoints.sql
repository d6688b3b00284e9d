-- Checkpoints: all files of a project at one version of its tree, as paths and hashes. Each turn of an agent that wrote
-- files ends in one; restoring one is a change like any other, and ends in a new one. There is at most one for a version
-- of the tree, so making one twice makes one.
create table public.checkpoints (
  id uuid primary key default gen_random_uuid(),
  project_id uuid not null references public.projects on delete cascade,
  version bigint not null,
  tree jsonb not null,
  label text not null,
  chat_id uuid,
  run_id uuid,
  turn_id uuid,
  restored_from uuid,
  created_by uuid,
  created_at timestamptz not null default clock_timestamp(),
  unique (project_id, version)
);

alter table public.checkpoints enable row level security;
revoke all on public.checkpoints from public, anon, authenticated, service_role;
grant select on public.checkpoints to authenticated, service_role;

create policy "members read the checkpoints of their projects" on public.checkpoints
for select to authenticated using (project_id in (select baton.my_projects()));

create function baton.checkpoint_json(checkpoint public.checkpoints)
returns jsonb language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object('id', checkpoint.id, 'version', checkpoint.version, 'label', checkpoint.label,
    'chat_id', checkpoint.chat_id, 'run_id', checkpoint.run_id, 'turn_id', checkpoint.turn_id,
    'restored_from', checkpoint.restored_from, 'created_by', checkpoint.created_by,
    'created_at', baton.instant(checkpoint.created_at));
end
$$;

-- What was changed by hand since the last checkpoint is kept in one of its own first.
create function public.restore_checkpoint(checkpoint_id uuid)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  wanted public.checkpoints := baton.checkpoint_of_caller(restore_checkpoint.checkpoint_id);
  topic constant text := 'project:' || wanted.project_id;
  kept jsonb;
  made jsonb;
  changes jsonb[];
begin
  wanted.created_by := baton.caller();
  perform baton.project_to_change(wanted.project_id);
  perform baton.lock_tree(wanted.project_id);
  kept := baton.make_checkpoint(wanted.project_id, 'Before restoring', wanted.created_by);
  changes := baton.restore_tree(wanted);
  made := baton.make_checkpoint(wanted.project_id, wanted.label, wanted.created_by, wanted.id);
  perform baton.append_events(array[
      case when kept is not null then baton.event(topic, 'checkpoint.made', kept) end,
      case when made is not null then baton.event(topic, 'checkpoint.restored',
        jsonb_build_object('checkpoint', made, 'changes', changes)) end
    ] || case when made is not null then
      baton.request_preview(wanted.project_id, 'restore', wanted.created_by) || baton.touch_claims(wanted.project_id) end);
  return coalesce(made, kept, baton.present_checkpoint(wanted.project_id));
end
$$;
revoke all on function public.restore_checkpoint(uuid) from public, anon, authenticated, service_role;
grant execute on function public.restore_checkpoint(uuid) to authenticated;

create function baton.checkpoint_of_caller(checkpoint_id uuid)
returns public.checkpoints language plpgsql stable set search_path = '' as $$
declare
  checkpoint public.checkpoints;
begin
  select c.* into checkpoint from public.checkpoints c where c.id = checkpoint_of_caller.checkpoint_id;
  perform baton.project_of_caller(checkpoint.project_id);
  return checkpoint;
end
$$;

-- The tree is locked. Null when its version has one already, or never had a file.
create function baton.make_checkpoint(
  project_id uuid, label text, created_by uuid default null, restored_from uuid default null,
  chat_id uuid default null, run_id uuid default null, turn_id uuid default null
)
returns jsonb language plpgsql set search_path = '' as $$
declare
  checkpoint public.checkpoints;
begin
  insert into public.checkpoints
    (project_id, version, tree, label, created_by, restored_from, chat_id, run_id, turn_id)
  select t.project_id, t.version, baton.tree_json(t.project_id), label, created_by, restored_from, chat_id, run_id, turn_id
  from public.trees t where t.project_id = make_checkpoint.project_id and t.version > 0
  on conflict on constraint checkpoints_project_id_version_key do nothing
  returning * into checkpoint;
  if not found then return null; end if;
  return baton.checkpoint_json(checkpoint);
end
$$;

create function baton.tree_json(project_id uuid)
returns jsonb language sql stable set search_path = '' as $$
  select coalesce(jsonb_object_agg(f.path, jsonb_build_object('hash', f.hash, 'size', f.size)), '{}')
  from public.files f where f.project_id = tree_json.project_id
$$;

create function baton.present_checkpoint(project_id uuid)
returns jsonb language sql stable set search_path = '' as $$
  select baton.checkpoint_json(c)
  from public.trees t join public.checkpoints c using (project_id, version)
  where t.project_id = present_checkpoint.project_id
$$;

-- All at once, since one by one a project of 2,000 files takes seconds, which others wait for. Deletes before it writes,
-- so that no path is in the way of another; what is in the tree already stays as it is. The contents are there.
create function baton.restore_tree(checkpoint public.checkpoints)
returns jsonb[] language plpgsql set search_path = '' as $$
declare
  changes constant jsonb[] := baton.changes_to(checkpoint);
begin
  delete from public.files f
  using unnest(changes) c
  where f.project_id = checkpoint.project_id and c ->> 'op' = 'delete' and f.path = c ->> 'path';
  insert into public.files as f (project_id, path, hash, size, version, updated_by)
  select checkpoint.project_id, c ->> 'path', c ->> 'hash', (c ->> 'size')::integer, (c ->> 'version')::bigint,
    checkpoint.created_by
  from unnest(changes) c where c ->> 'op' = 'write'
  on conflict on constraint files_pkey do update
  set hash = excluded.hash, size = excluded.size, version = excluded.version, updated_at = excluded.updated_at,
      updated_by = excluded.updated_by, tool_call_id = excluded.tool_call_id;
  insert into public.file_operations (project_id, version, op, path, hash, size, user_id, checkpoint_id)
  select checkpoint.project_id, (c ->> 'version')::bigint, c ->> 'op', c ->> 'path', c ->> 'hash',
    (c ->> 'size')::integer, checkpoint.created_by, checkpoint.id
  from unnest(changes) c;
  perform baton.count_files(checkpoint.project_id, cardinality(changes));
  return changes;
end
$$;

-- In the order in which they count, each as `file.changed` tells it.
create function baton.changes_to(checkpoint public.checkpoints)
returns jsonb[] language sql stable set search_path = '' as $$
  select array(
    select jsonb_build_object('op', s.op, 'path', s.path, 'from_path', null,
      'version', t.version + row_number() over (order by s.op, s.path collate "C"), 'hash', s.hash, 'size', s.size,
      'user_id', checkpoint.created_by, 'tool_call_id', null)
    from public.trees t cross join (
      select 'delete' as op, f.path, f.hash, f.size
      from public.files f where f.project_id = checkpoint.project_id and not checkpoint.tree ? f.path
      union all
      select 'write', w.key, w.value ->> 'hash', (w.value ->> 'size')::integer
      from jsonb_each(checkpoint.tree) w
      where not exists (
        select from public.files f
        where f.project_id = checkpoint.project_id and f.path = w.key and f.hash = w.value ->> 'hash'
      )
    ) s
    where t.project_id = checkpoint.project_id
    order by s.op, s.path collate "C"
  )
$$;

create function baton.count_files(project_id uuid, changes integer)
returns void language plpgsql set search_path = '' as $$
declare
  tree public.trees;
begin
  update public.trees t set version = t.version + changes, file_count = now.files, total_size = now.size
  from (
    select count(*) as files, coalesce(sum(f.size), 0) as size
    from public.files f where f.project_id = count_files.project_id
  ) now
  where t.project_id = count_files.project_id returning t.* into tree;
  perform baton.require_room(tree);
end
$$;
