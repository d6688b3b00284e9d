-- Imports: the files of a zip. Those that fit into one request come in by `import_files`. More of them are staged in
-- pieces, where nobody sees them, and come in together when all are there: so an import that ends halfway, whatever the
-- reason, has changed nothing. Who imports chooses its id, and a piece, or the end, that is sent again is the same one:
-- so what failed is gone on with. An import that is not finished within an hour is forgotten.
--
-- The row of an import is locked first of all, and only by its person's own calls.
create table baton.imports (
  id uuid primary key,
  user_id uuid not null references public.profiles on delete cascade,
  answer jsonb,
  touched_at timestamptz not null default clock_timestamp()
);
create index imports_of_a_person on baton.imports (user_id, touched_at);

create table baton.imported_files (
  import_id uuid not null references baton.imports on delete cascade,
  path text collate "C" not null,
  hash text not null,
  size integer not null,
  content text not null,
  primary key (import_id, path)
);

alter table baton.imports enable row level security;
alter table baton.imported_files enable row level security;
revoke all on baton.imports, baton.imported_files from public, anon, authenticated, service_role;

-- All of it or nothing. With `replace`, what is not among the files goes.
create function public.import_files(project_id uuid, files jsonb, replace boolean default false)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  project constant public.projects := baton.project_to_change(import_files.project_id);
  import_id constant uuid := gen_random_uuid();
begin
  perform baton.stage(import_id, import_files.files);
  return baton.bring_in(project.id, import_id, replace);
end
$$;

-- Answers how many are there now.
create function public.stage_files(import_id uuid, files jsonb)
returns jsonb language plpgsql security definer set search_path = '' as $$
begin
  return jsonb_build_object('files', baton.stage(stage_files.import_id, stage_files.files));
end
$$;

create function public.finish_import(import_id uuid, project_id uuid, file_count integer, replace boolean default false)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  import constant baton.imports := baton.whole_import(finish_import.import_id, file_count);
  project public.projects;
begin
  if import.answer is not null then return import.answer; end if;
  project := baton.project_to_change(finish_import.project_id);
  return baton.bring_in(project.id, import.id, replace);
end
$$;

-- A project that begins with these files, in the place of the template.
create function public.import_project(import_id uuid, team_id uuid, name text, file_count integer)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  import constant baton.imports := baton.whole_import(import_project.import_id, file_count);
  new_name constant text := baton.valid_name(import_project.name, 'name');
  project public.projects;
begin
  if import.answer is not null then return import.answer; end if;
  perform baton.role_of_member(import_project.team_id, import.user_id);
  insert into public.projects (team_id, name, slug, created_by)
  values (import_project.team_id, new_name, baton.new_slug(new_name), import.user_id)
  returning * into project;
  insert into public.trees (project_id) values (project.id);
  perform baton.lock_tree(project.id);
  perform baton.append_events(baton.project_events(project, 'project.created', baton.project_json(project))
    || baton.put_tree(project.id, baton.unpack(import.id, project.id, '{}'), 'Imported')
    || baton.request_preview(project.id, 'import', import.user_id));
  return baton.end_import(import.id, baton.project_json(project));
end
$$;

revoke all on function
  public.import_files(uuid, jsonb, boolean), public.stage_files(uuid, jsonb),
  public.finish_import(uuid, uuid, integer, boolean), public.import_project(uuid, uuid, text, integer)
from public, anon, authenticated, service_role;
grant execute on function
  public.import_files(uuid, jsonb, boolean), public.stage_files(uuid, jsonb),
  public.finish_import(uuid, uuid, integer, boolean), public.import_project(uuid, uuid, text, integer)
to authenticated;

create function baton.stage(import_id uuid, files jsonb)
returns integer language plpgsql set search_path = '' as $$
declare
  staged public.trees;
begin
  perform baton.require_import(files);
  perform baton.open_import(import_id);
  insert into baton.imported_files as f (import_id, path, hash, size, content)
  select stage.import_id, given.path, encode(sha256(convert_to(given.content, 'UTF8')), 'hex'),
    octet_length(given.content), given.content
  from jsonb_to_recordset(files) given (path text, content text)
  on conflict on constraint imported_files_pkey do update
  set hash = excluded.hash, size = excluded.size, content = excluded.content;
  select count(*), coalesce(sum(f.size), 0) into staged.file_count, staged.total_size
  from baton.imported_files f where f.import_id = stage.import_id;
  perform baton.require_room(staged);
  return staged.file_count;
end
$$;

-- A person has five at most that are not finished: the oldest gives way.
create function baton.open_import(import_id uuid)
returns void language plpgsql set search_path = '' as $$
declare
  caller constant uuid := baton.caller();
begin
  insert into baton.imports as i (id, user_id) values (import_id, caller)
  on conflict on constraint imports_pkey do update set touched_at = clock_timestamp()
  where i.user_id = caller and i.answer is null;
  if not found then perform baton.refuse_import(); end if;
  delete from baton.imports i where i.id in (
    select old.id from baton.imports old
    where old.user_id = caller and old.answer is null and old.id <> open_import.import_id
    order by old.touched_at desc offset 4 for update skip locked
  );
end
$$;

create function baton.whole_import(import_id uuid, file_count integer)
returns baton.imports language plpgsql set search_path = '' as $$
declare
  caller constant uuid := baton.caller();
  import baton.imports;
  arrived bigint;
begin
  select i.* into import from baton.imports i where i.id = whole_import.import_id and i.user_id = caller for update;
  if not found then perform baton.refuse_import(); end if;
  select count(*) into arrived from baton.imported_files f where f.import_id = import.id;
  if import.answer is not null or arrived = file_count then return import; end if;
  perform baton.refuse('BT004', 'Not all files of this import have arrived.', 'Send those that are missing, then end it again.',
    jsonb_build_object('field', 'file_count', 'arrived', arrived));
end
$$;

create function baton.refuse_import()
returns void language plpgsql stable set search_path = '' as $$
begin
  perform baton.refuse('BT003', 'There is no such import, or not any more.',
    'Begin again: what is not finished within an hour is forgotten.');
end
$$;

create function baton.bring_in(project_id uuid, import_id uuid, replace boolean)
returns jsonb language plpgsql set search_path = '' as $$
declare
  caller constant uuid := baton.caller();
  before bigint;
  kept jsonb;
  brought baton.new_event[];
begin
  perform baton.lock_tree(project_id);
  before := baton.tree_version(project_id);
  kept := baton.make_checkpoint(project_id, 'Before importing', caller);
  brought := baton.put_tree(project_id, baton.unpack(import_id, project_id,
    case when replace then '{}' else baton.tree_json(project_id) end), 'Imported');
  perform baton.append_events(
    array[case when kept is not null then baton.event('project:' || project_id, 'checkpoint.made', kept) end]
    || brought || case when cardinality(brought) > 0 then
      baton.request_preview(project_id, 'import', caller) || baton.touch_claims(project_id) end);
  return baton.end_import(import_id, jsonb_build_object('version', baton.tree_version(project_id),
    'changed', baton.tree_version(project_id) - before, 'checkpoint', baton.present_checkpoint(project_id)));
end
$$;

-- The contents into the project; answers the tree that it shall have.
create function baton.unpack(import_id uuid, project_id uuid, base jsonb)
returns jsonb language plpgsql set search_path = '' as $$
declare
  tree constant jsonb := base || (
    select coalesce(jsonb_object_agg(f.path, jsonb_build_object('hash', f.hash, 'size', f.size)), '{}')
    from baton.imported_files f where f.import_id = unpack.import_id
  );
begin
  perform baton.require_tree(tree);
  insert into public.blobs (project_id, hash, size, content)
  select distinct on (f.hash) unpack.project_id, f.hash, f.size, f.content
  from baton.imported_files f where f.import_id = unpack.import_id
  on conflict on constraint blobs_pkey do nothing;
  return tree;
end
$$;

-- No name is spelled in two ways, and none is a file and a folder.
create function baton.require_tree(tree jsonb)
returns void language plpgsql stable set search_path = '' as $$
declare
  clash record;
begin
  with paths as materialized (
    select t.path collate "C" as path from jsonb_object_keys(tree) t (path)
  ), names as (
    select p.path as name, p.path from paths p
    union all
    select folder, min(p.path) from paths p cross join unnest(baton.folders_of(p.path)) folder group by 1
  )
  select min(n.path) as one, max(n.path) as other into clash
  from names n group by baton.folded(n.name) having count(*) > 1 limit 1;
  if found then perform baton.refuse_both(clash.other, clash.one); end if;
end
$$;

create function baton.end_import(import_id uuid, answer jsonb)
returns jsonb language plpgsql set search_path = '' as $$
begin
  delete from baton.imported_files f where f.import_id = end_import.import_id;
  update baton.imports i set answer = end_import.answer, touched_at = clock_timestamp() where i.id = end_import.import_id;
  return answer;
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
  perform baton.require_path(f.path), baton.require_content(f.path, f.content, octet_length(f.content))
  from jsonb_to_recordset(files) f (path text, content text);
  select f.value ->> 'path' into twice from jsonb_array_elements(files) f group by 1 having count(*) > 1 limit 1;
  if twice is null then return; end if;
  perform baton.refuse('BT024', 'This path is there twice.', 'Give each file once.',
    jsonb_build_object('path', twice, 'rule', 'collision', 'other', twice));
end
$$;

create function baton.forget_imports()
returns void language sql set search_path = '' as $$
  delete from baton.imports i where i.id in (
    select old.id from baton.imports old where old.touched_at < now() - interval '1 hour' for update skip locked
  )
$$;
