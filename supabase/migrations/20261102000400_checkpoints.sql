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
      baton.request_preview(wanted.project_id, 'restore', wanted.created_by) end);
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

-- Deletes before it writes, so that no path is in the way of another.
create function baton.restore_tree(checkpoint public.checkpoints)
returns jsonb[] language plpgsql set search_path = '' as $$
declare
  author constant baton.file_author := row(checkpoint.created_by, null, null, null, checkpoint.id);
  changes jsonb[] := '{}';
  file public.files;
  wanted record;
begin
  for file in
    select f.* from public.files f where f.project_id = checkpoint.project_id and not checkpoint.tree ? f.path
    order by f.path
  loop
    changes := changes || baton.drop_file(file, 'delete', null, author);
  end loop;
  for wanted in
    select w.key as path, w.value ->> 'hash' as hash, (w.value ->> 'size')::integer as size
    from jsonb_each(checkpoint.tree) w
    where not exists (
      select from public.files f
      where f.project_id = checkpoint.project_id and f.path = w.key and f.hash = w.value ->> 'hash'
    )
    order by w.key collate "C"
  loop
    changes := changes || baton.put_file(checkpoint.project_id, wanted.path, wanted.hash, wanted.size, 'write', null, author);
  end loop;
  return changes;
end
$$;
