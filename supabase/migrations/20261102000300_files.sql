-- Files: the present ones, the contents that they ever had, and the trail of every change.
--
-- The changes of one project come one after the other: each locks the row of the tree first. That gives limits and
-- spellings that nobody slips past, and one number, `trees.version`, that counts changes: a file has the number of its
-- last change, which is never given twice (not to a path that was deleted and made again either), and the number of
-- the tree names one state of all files. The tree is locked late (see the order of locks in runs.sql) and until commit.
-- Turned down: locking each file, which leaves the limits, the spelling of folders and the meaning of "all files, now"
-- to chance, and spares nothing, since every change ends in the one counter of the project's log.
create table public.trees (
  project_id uuid primary key references public.projects on delete cascade,
  version bigint not null default 0,
  file_count integer not null default 0 check (file_count >= 0),
  total_size bigint not null default 0 check (total_size >= 0)
);

create table public.blobs (
  project_id uuid not null references public.projects on delete cascade,
  hash text not null check (hash ~ '^[0-9a-f]{64}$'),
  size integer not null,
  content text not null,
  primary key (project_id, hash)
);

create table public.files (
  project_id uuid not null,
  path text collate "C" not null check (baton.path_fault(path) is null),
  folded text collate "C" not null generated always as (baton.folded(path)) stored,
  hash text not null,
  size integer not null,
  version bigint not null,
  updated_at timestamptz not null default clock_timestamp(),
  updated_by uuid,
  tool_call_id uuid,
  primary key (project_id, path),
  unique (project_id, folded),
  foreign key (project_id, hash) references public.blobs on delete cascade
);

-- The trail. Whoever did it is named by id: a person, or a tool call with its turn and run; a restored checkpoint too.
create table public.file_operations (
  project_id uuid not null references public.projects on delete cascade,
  version bigint not null,
  op text not null check (op in ('write', 'delete', 'move')),
  path text collate "C" not null,
  from_path text collate "C",
  hash text,
  size integer,
  user_id uuid,
  run_id uuid,
  turn_id uuid,
  tool_call_id uuid,
  checkpoint_id uuid,
  at timestamptz not null default clock_timestamp(),
  primary key (project_id, version)
);
create index history_of_a_file on public.file_operations (project_id, path, version);
create index file_operations_of_a_run on public.file_operations (run_id, version) where run_id is not null;

alter table public.trees enable row level security;
alter table public.blobs enable row level security;
alter table public.files enable row level security;
alter table public.file_operations enable row level security;
revoke all on public.trees, public.blobs, public.files, public.file_operations
from public, anon, authenticated, service_role;
grant select on public.trees, public.blobs, public.files, public.file_operations to authenticated, service_role;

create policy "members read the trees of their projects" on public.trees
for select to authenticated using (project_id in (select baton.my_projects()));
create policy "members read the contents of their projects" on public.blobs
for select to authenticated using (project_id in (select baton.my_projects()));
create policy "members read the files of their projects" on public.files
for select to authenticated using (project_id in (select baton.my_projects()));
create policy "members read the trail of their projects" on public.file_operations
for select to authenticated using (project_id in (select baton.my_projects()));

create type baton.file_author as (user_id uuid, run_id uuid, turn_id uuid, tool_call_id uuid, checkpoint_id uuid);

create function public.save_file(project_id uuid, path text, content text, base_version bigint)
returns jsonb language plpgsql security definer set search_path = '' as $$
begin
  return baton.change_file_by_hand(save_file.project_id, jsonb_build_object(
    'kind', 'write', 'path', save_file.path, 'content', save_file.content, 'base_version', save_file.base_version));
end
$$;

create function public.delete_file(project_id uuid, path text, base_version bigint)
returns jsonb language plpgsql security definer set search_path = '' as $$
begin
  return baton.change_file_by_hand(delete_file.project_id, jsonb_build_object(
    'kind', 'delete', 'path', delete_file.path, 'base_version', delete_file.base_version));
end
$$;

create function public.move_file(project_id uuid, from_path text, to_path text, base_version bigint)
returns jsonb language plpgsql security definer set search_path = '' as $$
begin
  return baton.change_file_by_hand(move_file.project_id, jsonb_build_object(
    'kind', 'move', 'from', move_file.from_path, 'to', move_file.to_path, 'base_version', move_file.base_version));
end
$$;

-- A file as it is, or as it was at a version of the tree.
create function public.read_file(project_id uuid, path text, version bigint default null)
returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare
  project constant public.projects := baton.project_of_caller(read_file.project_id);
  answer constant jsonb := (
    select jsonb_build_object('path', read_file.path, 'version', o.version, 'hash', b.hash, 'size', b.size,
      'content', b.content, 'updated_at', baton.instant(o.at), 'updated_by', o.user_id, 'tool_call_id', o.tool_call_id)
    from baton.last_operation(project.id, read_file.path, read_file.version) o
    join public.blobs b on b.project_id = project.id and b.hash = o.hash and o.op <> 'delete'
    where o.path = read_file.path
  );
begin
  if answer is not null then return answer; end if;
  perform baton.refuse('BT003', 'There is no such file.', 'It may have been moved or deleted.',
    jsonb_build_object('path', read_file.path));
end
$$;

revoke all on function
  public.save_file(uuid, text, text, bigint), public.delete_file(uuid, text, bigint),
  public.move_file(uuid, text, text, bigint), public.read_file(uuid, text, bigint)
from public, anon, authenticated, service_role;
grant execute on function
  public.save_file(uuid, text, text, bigint), public.delete_file(uuid, text, bigint),
  public.move_file(uuid, text, text, bigint), public.read_file(uuid, text, bigint)
to authenticated;

-- For workers, whose tools look around before they change anything.
create function public.read_tree(project_id uuid)
returns jsonb language plpgsql stable security definer set search_path = '' as $$
begin
  return (
    select jsonb_build_object('version', t.version, 'files', array(
      select jsonb_build_object('path', f.path, 'version', f.version, 'hash', f.hash, 'size', f.size)
      from public.files f where f.project_id = t.project_id order by f.path
    ))
    from public.trees t where t.project_id = read_tree.project_id
  );
end
$$;

create function public.read_contents(project_id uuid, paths text[] default null)
returns jsonb language plpgsql stable security definer set search_path = '' as $$
begin
  return to_jsonb(array(
    select jsonb_build_object('path', f.path, 'version', f.version, 'hash', f.hash, 'size', f.size, 'content', b.content)
    from public.files f join public.blobs b using (project_id, hash)
    where f.project_id = read_contents.project_id and (paths is null or f.path = any (paths))
    order by f.path
  ));
end
$$;

revoke all on function public.read_tree(uuid), public.read_contents(uuid, text[])
from public, anon, authenticated, service_role;
grant execute on function public.read_tree(uuid), public.read_contents(uuid, text[]) to service_role;

create function baton.change_file_by_hand(project_id uuid, effect jsonb)
returns jsonb language plpgsql set search_path = '' as $$
declare
  project constant public.projects := baton.project_to_change(change_file_by_hand.project_id);
  author baton.file_author;
  change jsonb;
begin
  author.user_id := baton.caller();
  perform baton.lock_tree(project.id);
  change := baton.change_file(project.id, effect, author);
  if not (change ? 'unchanged') then
    perform baton.append_events(baton.event('project:' || project.id, 'file.changed', change)
      || baton.request_preview(project.id, 'edit', author.user_id) || baton.touch_claims(project.id));
  end if;
  return change;
end
$$;

create function baton.lock_tree(project_id uuid)
returns void language plpgsql set search_path = '' as $$
begin
  perform from public.trees t where t.project_id = lock_tree.project_id for no key update;
end
$$;

-- The one place where an effect becomes a change of files. The tree is locked. Answers the payload of `file.changed`.
create function baton.change_file(project_id uuid, effect jsonb, author baton.file_author)
returns jsonb language plpgsql set search_path = '' as $$
declare
  source constant text := coalesce(effect ->> 'from', effect ->> 'path');
  target constant text := coalesce(effect ->> 'to', effect ->> 'path');
  base constant bigint := coalesce((effect ->> 'base_version')::bigint, 0);
  file public.files;
begin
  perform baton.require_path(source), baton.require_path(target);
  select f.* into file from public.files f where f.project_id = change_file.project_id and f.path = source;
  case effect ->> 'kind'
    when 'write' then return baton.write_file(project_id, target, effect ->> 'content', base, file, author);
    when 'delete' then
      perform baton.require_base(source, nullif(base, 0), file, author);
      return baton.drop_file(file, 'delete', null, author);
    when 'move' then
      perform baton.require_base(source, nullif(base, 0), file, author);
      if source = target then return baton.file_change(file, 'move') || '{"unchanged": true}'; end if;
      return baton.move_file(file, target, author);
  end case;
end
$$;

-- Who saves what is there already has saved it, whatever it was based on: so a save can be repeated when its answer was
-- lost.
create function baton.write_file(
  project_id uuid, path text, content text, base bigint, file public.files, author baton.file_author
)
returns jsonb language plpgsql set search_path = '' as $$
declare
  bytes constant bytea := convert_to(content, 'UTF8');
  new_hash constant text := encode(sha256(bytes), 'hex');
  change jsonb;
begin
  if file.hash = new_hash then return baton.file_change(file, 'write') || '{"unchanged": true}'; end if;
  perform baton.require_base(path, base, file, author);
  perform baton.require_content(path, content, octet_length(bytes));
  if file.path is null then perform baton.refuse_collision(project_id, path); end if;
  insert into public.blobs (project_id, hash, size, content)
  values (write_file.project_id, new_hash, octet_length(bytes), write_file.content)
  on conflict on constraint blobs_pkey do nothing;
  change := baton.put_file(project_id, path, new_hash, octet_length(bytes), 'write', null, author);
  perform baton.read_back(project_id, path, new_hash);
  return change;
end
$$;

create function baton.move_file(file public.files, target text, author baton.file_author)
returns jsonb language plpgsql set search_path = '' as $$
begin
  delete from public.files f where f.project_id = file.project_id and f.path = file.path;
  update public.trees t set file_count = t.file_count - 1, total_size = t.total_size - file.size
  where t.project_id = file.project_id;
  perform baton.refuse_collision(file.project_id, target);
  return baton.put_file(file.project_id, target, file.hash, file.size, 'move', file.path, author);
end
$$;

create function baton.put_file(
  project_id uuid, path text, hash text, size integer, op text, from_path text, author baton.file_author
)
returns jsonb language plpgsql set search_path = '' as $$
declare
  old_size constant integer := (
    select f.size from public.files f where f.project_id = put_file.project_id and f.path = put_file.path
  );
  tree public.trees;
  file public.files;
begin
  update public.trees t
  set version = t.version + 1,
      file_count = t.file_count + case when old_size is null then 1 else 0 end,
      total_size = t.total_size + put_file.size - coalesce(old_size, 0)
  where t.project_id = put_file.project_id returning t.* into tree;
  perform baton.require_room(tree);
  insert into public.files as f (project_id, path, hash, size, version, updated_by, tool_call_id)
  values (put_file.project_id, put_file.path, put_file.hash, put_file.size, tree.version,
    author.user_id, author.tool_call_id)
  on conflict on constraint files_pkey do update
  set hash = excluded.hash, size = excluded.size, version = excluded.version, updated_at = excluded.updated_at,
      updated_by = excluded.updated_by, tool_call_id = excluded.tool_call_id
  returning f.* into file;
  perform baton.record_operation(file, op, from_path, author);
  return baton.file_change(file, op, from_path);
end
$$;

create function baton.drop_file(file public.files, op text, from_path text, author baton.file_author)
returns jsonb language plpgsql set search_path = '' as $$
begin
  delete from public.files f where f.project_id = file.project_id and f.path = file.path;
  update public.trees t
  set version = t.version + 1, file_count = t.file_count - 1, total_size = t.total_size - file.size
  where t.project_id = file.project_id returning t.version into file.version;
  file.updated_by := author.user_id;
  file.tool_call_id := author.tool_call_id;
  perform baton.record_operation(file, op, from_path, author);
  return baton.file_change(file, op, from_path);
end
$$;

create function baton.record_operation(file public.files, op text, from_path text, author baton.file_author)
returns void language plpgsql set search_path = '' as $$
begin
  insert into public.file_operations
    (project_id, version, op, path, from_path, hash, size, user_id, run_id, turn_id, tool_call_id, checkpoint_id)
  values
    (file.project_id, file.version, op, file.path, from_path, file.hash, file.size,
      author.user_id, author.run_id, author.turn_id, author.tool_call_id, author.checkpoint_id);
end
$$;

create function baton.file_change(file public.files, op text, from_path text default null)
returns jsonb language plpgsql immutable set search_path = '' as $$
begin
  return jsonb_build_object('op', op, 'path', file.path, 'from_path', from_path, 'version', file.version,
    'hash', file.hash, 'size', file.size, 'user_id', file.updated_by, 'tool_call_id', file.tool_call_id);
end
$$;

-- 0 stands for "there is none". For a person the code is the HTTP status that the data API gives it; a tool gets ours.
create function baton.require_base(path text, base bigint, file public.files, author baton.file_author)
returns void language plpgsql stable set search_path = '' as $$
begin
  if base = coalesce(file.version, 0) then return; end if;
  perform baton.refuse(
    case when author.user_id is null then 'BT021' else 'PT409' end,
    case when file.path is null then 'There is no such file any more.' else 'This file was changed meanwhile.' end,
    'Look at what is there now, then try again.',
    jsonb_build_object('path', path, 'base_version', base, 'version', coalesce(file.version, 0),
      'hash', file.hash, 'size', file.size, 'user_id', file.updated_by, 'tool_call_id', file.tool_call_id));
end
$$;

create function baton.require_content(path text, content text, size integer)
returns void language plpgsql immutable set search_path = '' as $$
begin
  if content is null then
    perform baton.refuse('BT004', 'A file needs a content.', 'It may be empty, but must be given.', '{"field": "content"}');
  end if;
  if size <= 1048576 then return; end if;
  perform baton.refuse('BT025', 'This file is too large.', 'A file holds at most 1 MB of text; split it.',
    jsonb_build_object('path', path, 'size', size, 'limit', 1048576));
end
$$;

create function baton.require_room(tree public.trees)
returns void language plpgsql immutable set search_path = '' as $$
begin
  if tree.file_count > 2000 then
    perform baton.refuse('BT025', 'This project has too many files.', 'Delete some that are not needed.',
      '{"limit": 2000}');
  end if;
  if tree.total_size > 52428800 then
    perform baton.refuse('BT025', 'The files of this project are too large together.', 'Delete some that are not needed.',
      '{"limit": 52428800}');
  end if;
end
$$;

-- One file of a folder tells how all of them spell it, since none that spells it otherwise gets in: so a folder of a
-- thousand files is not looked through for each that is added.
create function baton.refuse_collision(project_id uuid, path text)
returns void language plpgsql stable set search_path = '' as $$
declare
  wanted constant text collate "C" := baton.folded(path);
  folders constant text[] := baton.folders_of(path);
  other text;
begin
  select hit.path into other
  from (
    select f.path from public.files f
    where f.project_id = refuse_collision.project_id and f.folded = wanted
    union all
    select f.path from public.files f
    where f.project_id = refuse_collision.project_id
      and f.folded = any (array(select baton.folded(folder) collate "C" from unnest(folders) folder))
    union all
    select f.path from public.files f
    where f.project_id = refuse_collision.project_id and f.folded > wanted || '/' and f.folded < wanted || '0'
    limit 1
  ) hit;
  if other is null then
    select f.path into other
    from unnest(folders) folder cross join lateral (
      select f.path from public.files f
      where f.project_id = refuse_collision.project_id
        and f.folded > (baton.folded(folder) || '/') collate "C" and f.folded < (baton.folded(folder) || '0') collate "C"
      order by f.folded limit 1
    ) f
    where left(f.path, length(folder) + 1) <> folder || '/'
    limit 1;
  end if;
  if other is not null then perform baton.refuse_both(path, other); end if;
end
$$;

create function baton.refuse_both(path text, other text)
returns void language plpgsql stable set search_path = '' as $$
begin
  perform baton.refuse('BT024', 'This path is in the way of another file.',
    'Upper and lower case do not tell two names apart, and a name is a file or a folder, not both.',
    jsonb_build_object('path', path, 'rule', 'collision', 'other', other));
end
$$;

-- What a tool says it wrote is what is there.
create function baton.read_back(project_id uuid, path text, expected text)
returns void language plpgsql set search_path = '' as $$
begin
  if exists (
    select from public.files f join public.blobs b using (project_id, hash)
    where f.project_id = read_back.project_id and f.path = read_back.path
      and encode(sha256(convert_to(b.content, 'UTF8')), 'hex') = expected
  ) then return; end if;
  raise exception 'What was read back from % is not what was written.', path using errcode = 'data_corrupted';
end
$$;

-- The last operation that touched a path, as it looked then: a move touches two.
create function baton.last_operation(project_id uuid, path text, version bigint)
returns public.file_operations language sql stable set search_path = '' as $$
  select o.* from public.file_operations o
  where o.project_id = last_operation.project_id
    and (o.path = last_operation.path or (o.op = 'move' and o.from_path = last_operation.path))
    and (last_operation.version is null or o.version <= last_operation.version)
  order by o.version desc limit 1
$$;
