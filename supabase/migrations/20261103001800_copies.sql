-- Copies of whole projects: forks and exports. A fork is a project of its own from the first moment: its files are
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

revoke all on function public.fork_project(uuid, text, uuid), public.read_sources(uuid, uuid)
from public, anon, authenticated, service_role;
grant execute on function public.fork_project(uuid, text, uuid), public.read_sources(uuid, uuid) to authenticated;

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
