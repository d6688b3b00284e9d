-- Copies of whole projects: forks, imports, exports. A fork is a project of its own from the first moment: its files are
-- copied, with the contents that they need, and its history begins there.
create function public.fork_project(project_id uuid, name text, checkpoint_id uuid default null)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  source constant public.projects := baton.project_of_caller(fork_project.project_id);
  new_name constant text := baton.valid_name(fork_project.name, 'name');
  tree constant jsonb := baton.tree_to_copy(source.id, fork_project.checkpoint_id);
  fork public.projects;
begin
  insert into public.projects (team_id, name, slug, created_by)
  values (source.team_id, new_name, baton.new_slug(new_name), baton.caller())
  returning * into fork;
  insert into public.trees (project_id) values (fork.id);
  perform baton.lock_tree(fork.id);
  insert into public.blobs (project_id, hash, size, content)
  select fork.id, b.hash, b.size, b.content from public.blobs b
  where b.project_id = source.id and b.hash in (select t.value ->> 'hash' from jsonb_each(tree) t);
  insert into public.variables (project_id, name, value, updated_by)
  select fork.id, v.name, v.value, baton.caller() from public.variables v where v.project_id = source.id;
  perform baton.append_events(baton.project_events(fork, 'project.created', baton.project_json(fork))
    || baton.put_tree(fork.id, tree, 'Fork of ' || left(source.name, 70))
    || baton.request_preview(fork.id, 'fork', baton.caller()));
  return baton.project_json(fork);
end
$$;

-- All of it or nothing. With `replace`, what is not among the files goes.
create function public.import_files(project_id uuid, files jsonb, replace boolean default false)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  project constant public.projects := baton.project_to_change(import_files.project_id);
  topic constant text := 'project:' || project.id;
  author constant baton.file_author := row(baton.caller(), null, null, null, null);
  kept jsonb;
  made jsonb;
  changes jsonb[];
begin
  perform baton.require_import(import_files.files);
  perform baton.lock_tree(project.id);
  kept := baton.make_checkpoint(project.id, 'Before importing', author.user_id);
  changes := case when replace then baton.drop_others(project.id, import_files.files, author) else '{}' end;
  changes := changes || baton.write_all(project.id, import_files.files, author);
  made := baton.make_checkpoint(project.id, 'Imported', author.user_id);
  perform baton.append_events(array[
      case when kept is not null then baton.event(topic, 'checkpoint.made', kept) end,
      case when made is not null then baton.event(topic, 'checkpoint.restored',
        jsonb_build_object('checkpoint', made, 'changes', changes)) end
    ] || case when made is not null then baton.request_preview(project.id, 'import', author.user_id) end);
  return jsonb_build_object('version', baton.tree_version(project.id), 'changed', cardinality(changes),
    'checkpoint', coalesce(made, kept, baton.present_checkpoint(project.id)));
end
$$;

-- Everything that an export needs, of one moment.
create function public.read_sources(project_id uuid, checkpoint_id uuid default null)
returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare
  project constant public.projects := baton.project_of_caller(read_sources.project_id);
  tree constant jsonb := baton.tree_to_copy(project.id, read_sources.checkpoint_id);
begin
  return jsonb_build_object('project', baton.project_json(project),
    'version', coalesce((select c.version from public.checkpoints c where c.id = read_sources.checkpoint_id),
      baton.tree_version(project.id)),
    'files', array(
      select jsonb_build_object('path', t.key, 'hash', b.hash, 'size', b.size, 'content', b.content)
      from jsonb_each(tree) t join public.blobs b on b.project_id = project.id and b.hash = t.value ->> 'hash'
      order by t.key collate "C"
    ));
end
$$;

revoke all on function
  public.fork_project(uuid, text, uuid), public.import_files(uuid, jsonb, boolean), public.read_sources(uuid, uuid)
from public, anon, authenticated, service_role;
grant execute on function
  public.fork_project(uuid, text, uuid), public.import_files(uuid, jsonb, boolean), public.read_sources(uuid, uuid)
to authenticated;

create function baton.tree_to_copy(project_id uuid, checkpoint_id uuid)
returns jsonb language plpgsql stable set search_path = '' as $$
begin
  if checkpoint_id is null then return baton.tree_json(project_id); end if;
  return (baton.checkpoint_to_publish(project_id, checkpoint_id)).tree;
end
$$;

-- The tree is held, and the contents are there.
create function baton.put_tree(project_id uuid, tree jsonb, label text)
returns baton.new_event[] language plpgsql set search_path = '' as $$
declare
  wanted public.checkpoints;
  changes jsonb[];
  made jsonb;
begin
  wanted.project_id := put_tree.project_id;
  wanted.tree := put_tree.tree;
  wanted.created_by := baton.caller();
  changes := baton.restore_tree(wanted);
  made := baton.make_checkpoint(put_tree.project_id, label, wanted.created_by);
  if made is null then return '{}'; end if;
  return array[baton.event('project:' || put_tree.project_id, 'checkpoint.restored',
    jsonb_build_object('checkpoint', made, 'changes', changes))];
end
$$;

create function baton.drop_others(project_id uuid, files jsonb, author baton.file_author)
returns jsonb[] language plpgsql set search_path = '' as $$
declare
  kept constant text[] := array(select f.value ->> 'path' from jsonb_array_elements(files) f);
  changes jsonb[] := '{}';
  file public.files;
begin
  for file in
    select f.* from public.files f where f.project_id = drop_others.project_id and f.path <> all (kept) order by f.path
  loop
    changes := changes || baton.drop_file(file, 'delete', null, author);
  end loop;
  return changes;
end
$$;

create function baton.write_all(project_id uuid, files jsonb, author baton.file_author)
returns jsonb[] language plpgsql set search_path = '' as $$
declare
  changes jsonb[] := '{}';
  given record;
  change jsonb;
begin
  for given in
    select f.value ->> 'path' as path, f.value ->> 'content' as content, coalesce((
      select p.version from public.files p where p.project_id = write_all.project_id and p.path = f.value ->> 'path'
    ), 0) as base
    from jsonb_array_elements(files) f order by f.value ->> 'path' collate "C"
  loop
    change := baton.change_file(project_id, jsonb_build_object('kind', 'write', 'path', given.path,
      'content', given.content, 'base_version', given.base), author);
    if not change ? 'unchanged' then changes := changes || change; end if;
  end loop;
  return changes;
end
$$;

create function baton.require_import(files jsonb)
returns void language plpgsql immutable set search_path = '' as $$
declare
  twice text;
begin
  if jsonb_typeof(files) is distinct from 'array' or exists (
    select from jsonb_array_elements(files) f
    where jsonb_typeof(f) <> 'object' or jsonb_typeof(f -> 'path') is distinct from 'string'
      or jsonb_typeof(f -> 'content') is distinct from 'string'
  ) or jsonb_array_length(files) = 0 then
    perform baton.refuse('BT004', 'There are no files to import.', 'Give a list of files, each with a path and a text.',
      '{"field": "files"}');
  end if;
  if jsonb_array_length(files) > 2000 then
    perform baton.refuse('BT025', 'These are too many files.', 'A project holds at most 2,000; leave out what is not needed.',
      '{"limit": 2000}');
  end if;
  select f.value ->> 'path' into twice from jsonb_array_elements(files) f group by 1 having count(*) > 1 limit 1;
  if twice is null then return; end if;
  perform baton.refuse('BT024', 'This path is there twice.', 'Give each file once.',
    jsonb_build_object('path', twice, 'rule', 'collision', 'other', twice));
end
$$;
