-- Comments: what people say to each other about an entry of a chat, or about a file, on the whole or on some of its lines.
-- The agent does not read them. A thread has the place that it is about and whether it is resolved; its comments are
-- what was said, in order. A thread without comments does not exist: it comes with its first, and goes with its last.
--
-- A file may change under a thread, so a thread about lines keeps their text: whoever draws it finds where they are now,
-- or shows what they were. A thread goes with its file when that is moved, in the move's own transaction.
--
-- Locks: a thread is held after the trees and before memberships (see notifications.sql); one transaction holds one
-- thread, but for the move of a file, which holds its tree and so is alone.
create table public.threads (
  id uuid primary key default gen_random_uuid(),
  project_id uuid not null references public.projects on delete cascade,
  chat_id uuid references public.chats on delete cascade,
  entry_id uuid references public.entries on delete cascade,
  path text collate "C",
  from_line integer check (from_line between 1 and 1000000),
  to_line integer check (to_line between from_line and 1000000),
  quote text check (char_length(quote) <= 2000),
  created_at timestamptz not null default clock_timestamp(),
  resolved_at timestamptz,
  resolved_by uuid,
  check ((entry_id is null) = (chat_id is null) and (entry_id is null) <> (path is null)),
  check (path is not null or from_line is null),
  check ((from_line is null) = (to_line is null) and (from_line is null) = (quote is null)),
  check ((resolved_at is null) = (resolved_by is null))
);
create index threads_of_a_project on public.threads (project_id, created_at);
create index threads_of_a_chat on public.threads (chat_id) where chat_id is not null;
create index threads_of_an_entry on public.threads (entry_id) where entry_id is not null;
create index threads_of_a_file on public.threads (project_id, path) where path is not null;

create table public.comments (
  id uuid primary key default gen_random_uuid(),
  thread_id uuid not null references public.threads on delete cascade,
  project_id uuid not null,
  author uuid not null,
  client_id text not null check (char_length(client_id) between 1 and 100),
  body text not null check (char_length(body) <= 10000),
  mentions jsonb not null default '[]',
  created_at timestamptz not null default clock_timestamp(),
  edited_at timestamptz,
  unique (project_id, author, client_id)
);
create index comments_of_a_thread on public.comments (thread_id, created_at);

alter table public.threads enable row level security;
alter table public.comments enable row level security;
revoke all on public.threads, public.comments from public, anon, authenticated, service_role;
grant select on public.threads, public.comments to authenticated, service_role;

create policy "members read the threads of their projects" on public.threads
for select to authenticated using (project_id in (select baton.my_projects()));
create policy "members read the comments of their projects" on public.comments
for select to authenticated using (project_id in (select baton.my_projects()));

create function baton.comment_json(comment public.comments)
returns jsonb language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object('id', comment.id, 'thread_id', comment.thread_id, 'author', comment.author,
    'body', comment.body, 'mentions', comment.mentions, 'created_at', baton.instant(comment.created_at),
    'edited_at', baton.instant(comment.edited_at));
end
$$;

create function baton.thread_json(thread public.threads)
returns jsonb language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object('id', thread.id, 'chat_id', thread.chat_id, 'entry_id', thread.entry_id,
    'turn', (select e.turn from public.entries e where e.id = thread.entry_id),
    'path', thread.path, 'from_line', thread.from_line, 'to_line', thread.to_line, 'quote', thread.quote,
    'created_at', baton.instant(thread.created_at), 'resolved_at', baton.instant(thread.resolved_at),
    'resolved_by', thread.resolved_by,
    'comments', array(
      select baton.comment_json(c) from public.comments c where c.thread_id = thread.id order by c.created_at, c.id
    ));
end
$$;

-- In the thread `thread_id`, which is opened again if it was resolved; or in a new one, about an entry or about a path.
-- Sent twice with the same `client_id`, it is said once, and everyone is told once.
create function public.add_comment(
  project_id uuid, body text, client_id text, thread_id uuid default null, entry_id uuid default null,
  path text default null, from_line integer default null, to_line integer default null, quote text default null
)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  project constant public.projects := baton.project_to_change(add_comment.project_id);
  thread public.threads;
  comment public.comments;
  events baton.new_event[];
begin
  perform baton.require_client_id(client_id), baton.require_comment(body);
  if add_comment.thread_id is not null then thread := baton.hold_thread(add_comment.thread_id, project.id); end if;
  begin
    if thread.id is null then
      thread := baton.open_thread(project, entry_id, path, from_line, to_line, quote);
    end if;
    insert into public.comments (thread_id, project_id, author, client_id, body, mentions)
    values (thread.id, project.id, baton.caller(), client_id, body, baton.mentions_in(project.team_id, body))
    returning * into comment;
  exception when unique_violation then
    select c.* into comment from public.comments c
    where c.project_id = project.id and c.author = baton.caller() and c.client_id = add_comment.client_id;
    return baton.comment_json(comment);
  end;
  update public.threads t set resolved_at = null, resolved_by = null where t.id = thread.id and t.resolved_at is not null;
  events := array[case
    when add_comment.thread_id is null then baton.thread_event(thread.id, 'thread.opened')
    when found then baton.thread_event(thread.id, 'thread.reopened')
    else baton.event('project:' || project.id, 'comment.added', baton.comment_json(comment))
  end];
  perform baton.append_events(events || baton.tell_of_comment(thread, comment, project));
  return baton.comment_json(comment);
end
$$;

create function public.edit_comment(comment_id uuid, body text)
returns void language plpgsql security definer set search_path = '' as $$
declare
  before constant public.comments := baton.hold_own_comment(edit_comment.comment_id);
  project constant public.projects := baton.project_to_change(before.project_id);
  comment public.comments;
  thread public.threads;
begin
  perform baton.require_comment(body);
  update public.comments c
  set body = edit_comment.body, mentions = baton.mentions_in(project.team_id, edit_comment.body), edited_at = clock_timestamp()
  where c.id = before.id and c.body <> edit_comment.body returning c.* into comment;
  if not found then return; end if;
  select t.* into thread from public.threads t where t.id = comment.thread_id;
  perform baton.append_events(
    baton.event('project:' || project.id, 'comment.edited', baton.comment_json(comment))
    || baton.tell_mentioned(baton.newly_mentioned(comment.mentions, before.mentions, comment.author), project.team_id,
      comment.author, baton.place_of_thread(thread), comment.body, baton.link_of_thread(thread),
      jsonb_build_object('project_id', project.id, 'thread_id', thread.id, 'comment_id', comment.id),
      'comment:' || comment.id));
end
$$;

-- A thread goes with its last comment.
create function public.delete_comment(comment_id uuid)
returns void language plpgsql security definer set search_path = '' as $$
declare
  comment constant public.comments := baton.hold_own_comment(delete_comment.comment_id);
begin
  perform baton.project_to_change(comment.project_id);
  delete from public.comments c where c.id = comment.id;
  delete from public.threads t where t.id = comment.thread_id
    and not exists (select from public.comments c where c.thread_id = t.id);
  perform public.append_event('project:' || comment.project_id, 'comment.deleted',
    jsonb_build_object('id', comment.id, 'thread_id', comment.thread_id));
end
$$;

create function public.resolve_thread(thread_id uuid, resolved boolean default true)
returns void language plpgsql security definer set search_path = '' as $$
declare
  thread public.threads := baton.hold_thread(resolve_thread.thread_id);
begin
  perform baton.project_to_change(thread.project_id);
  if (thread.resolved_at is not null) = resolved then return; end if;
  update public.threads t
  set resolved_at = case when resolved then clock_timestamp() end, resolved_by = case when resolved then baton.caller() end
  where t.id = thread.id returning t.* into thread;
  perform baton.append_events(array[case
    when resolved then baton.event('project:' || thread.project_id, 'thread.resolved', jsonb_build_object(
      'id', thread.id, 'resolved_at', baton.instant(thread.resolved_at), 'resolved_by', thread.resolved_by))
    else baton.thread_event(thread.id, 'thread.reopened')
  end]);
end
$$;

-- The open threads and the last resolved ones, with the `seq` of the project's log from which their events go on.
create function public.comments_snapshot(project_id uuid)
returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare
  project constant public.projects := baton.project_of_caller(comments_snapshot.project_id);
begin
  return jsonb_build_object('seq', baton.head('project:' || project.id), 'threads', array(
    select baton.thread_json(t) from public.threads t
    where t.id in (
      select c.id from public.threads c left join public.entries e on e.id = c.entry_id
      where c.project_id = project.id and e.state is distinct from 'dropped'
      order by c.resolved_at desc nulls first, c.created_at desc limit 1000
    )
    order by t.created_at, t.id
  ));
end
$$;

revoke all on function
  public.add_comment(uuid, text, text, uuid, uuid, text, integer, integer, text), public.edit_comment(uuid, text),
  public.delete_comment(uuid), public.resolve_thread(uuid, boolean), public.comments_snapshot(uuid)
from public, anon, authenticated, service_role;
grant execute on function
  public.add_comment(uuid, text, text, uuid, uuid, text, integer, integer, text), public.edit_comment(uuid, text),
  public.delete_comment(uuid), public.resolve_thread(uuid, boolean), public.comments_snapshot(uuid)
to authenticated;

-- Whoever may not see the thread does not lock it either.
create function baton.hold_thread(thread_id uuid, project_id uuid default null)
returns public.threads language plpgsql set search_path = '' as $$
declare
  project constant public.projects := baton.project_of_caller(
    (select t.project_id from public.threads t where t.id = hold_thread.thread_id));
  thread public.threads;
begin
  select t.* into thread from public.threads t
  where t.id = hold_thread.thread_id and t.project_id = coalesce(hold_thread.project_id, project.id) for no key update;
  if found then return thread; end if;
  perform baton.refuse('BT003', 'There is no such thread any more.', 'Begin a new one.');
end
$$;

create function baton.hold_own_comment(comment_id uuid)
returns public.comments language plpgsql set search_path = '' as $$
declare
  thread constant public.threads := baton.hold_thread(
    (select c.thread_id from public.comments c where c.id = hold_own_comment.comment_id));
  comment public.comments;
begin
  select c.* into comment from public.comments c where c.id = hold_own_comment.comment_id and c.thread_id = thread.id;
  if comment.author = baton.caller() then return comment; end if;
  if comment.id is null then
    perform baton.refuse('BT003', 'There is no such comment any more.', 'It was deleted meanwhile.');
  end if;
  perform baton.refuse('BT002', 'This comment is somebody else''s.', 'Only its author changes or deletes it; answer it instead.',
    jsonb_build_object('author', comment.author));
end
$$;

-- A file is held by its tree, so that it is not moved away meanwhile.
create function baton.open_thread(
  project public.projects, entry_id uuid, path text, from_line integer, to_line integer, quote text
)
returns public.threads language plpgsql set search_path = '' as $$
declare
  entry public.entries;
  thread public.threads;
begin
  perform baton.require_place(entry_id, path, from_line, to_line, quote);
  if path is null then
    select e.* into entry from public.entries e
    where e.id = open_thread.entry_id and e.project_id = project.id and e.state <> 'dropped';
  else
    perform from public.trees t where t.project_id = project.id for share;
    perform from public.files f where f.project_id = project.id and f.path = open_thread.path;
  end if;
  if not found then
    perform baton.refuse('BT003', 'What you comment on is not there any more.', 'Look at what is there now.');
  end if;
  insert into public.threads (project_id, chat_id, entry_id, path, from_line, to_line, quote)
  values (project.id, entry.chat_id, entry.id, path, from_line, coalesce(to_line, from_line), quote)
  returning * into thread;
  return thread;
end
$$;

create function baton.require_place(entry_id uuid, path text, from_line integer, to_line integer, quote text)
returns void language plpgsql immutable set search_path = '' as $$
begin
  if (entry_id is null) = (path is null) then
    perform baton.refuse('BT004', 'A comment is about one thing.', 'Name an entry or a path.', '{"field": "entry_id"}');
  end if;
  if from_line is null and to_line is null and quote is null then return; end if;
  if path is null or from_line is null or quote is null or char_length(quote) > 2000
    or from_line not between 1 and 1000000 or coalesce(to_line, from_line) not between from_line and 1000000 then
    perform baton.refuse('BT004', 'These are not lines of a file.',
      'Give the first and the last one, and their text, of at most 2,000 characters.', '{"field": "from_line"}');
  end if;
end
$$;

create function baton.require_comment(body text)
returns void language plpgsql immutable set search_path = '' as $$
begin
  if body is null or body !~ '\S' then
    perform baton.refuse('BT004', 'The comment is empty.', 'Write something first.', '{"field": "body"}');
  end if;
  if char_length(body) <= 10000 then return; end if;
  perform baton.refuse('BT025', 'The comment is too long.', 'Say it in fewer words.',
    jsonb_build_object('length', char_length(body), 'limit', 10000));
end
$$;

create function baton.thread_event(thread_id uuid, kind text)
returns baton.new_event language sql stable set search_path = '' as $$
  select baton.event('project:' || t.project_id, kind, baton.thread_json(t))
  from public.threads t where t.id = thread_event.thread_id
$$;

create function baton.follow_moved_file()
returns trigger language plpgsql security definer set search_path = '' as $$
begin
  update public.threads t set path = new.path where t.project_id = new.project_id and t.path = new.from_path;
  return null;
end
$$;
create trigger "comments go with the file that they are about"
after insert on public.file_operations for each row when (new.op = 'move') execute function baton.follow_moved_file();

-- Who is told of a comment: those whom it mentions, and else those who spoke in the thread or wrote what it is about.
create function baton.tell_of_comment(thread public.threads, comment public.comments, project public.projects)
returns baton.new_event[] language plpgsql set search_path = '' as $$
declare
  link constant text := baton.link_of_thread(thread);
  place constant text := baton.place_of_thread(thread);
  details constant jsonb := jsonb_build_object('project_id', project.id, 'thread_id', thread.id, 'comment_id', comment.id);
  mentioned constant uuid[] := baton.newly_mentioned(comment.mentions, '[]', comment.author);
  others constant uuid[] := array(
    select c.author from public.comments c where c.thread_id = thread.id
    union
    select e.author from public.entries e where e.id = thread.entry_id and e.author is not null
  );
begin
  return array(
    select case
      when r.user_id = any (mentioned) then (baton.tell_mentioned(array[r.user_id], project.team_id, comment.author, place,
        comment.body, link, details, 'comment:' || comment.id))[1]
      else baton.notify(r.user_id, project.team_id, 'comment', baton.name_of(comment.author) || ' commented ' || place,
        comment.body, link, details, 'thread:' || thread.id)
    end
    from (
      select distinct u.user_id from unnest(mentioned || others) u (user_id)
      where u.user_id <> comment.author order by u.user_id
    ) r
  );
end
$$;

create function baton.place_of_thread(thread public.threads)
returns text language sql stable set search_path = '' as $$
  select case when thread.path is null
    then 'in “' || (select c.title from public.chats c where c.id = thread.chat_id) || '”'
    else 'on ' || thread.path end
$$;

create function baton.url_encoded(said text)
returns text language sql immutable set search_path = '' as $$
  select coalesce(string_agg(
    case when c.letter ~ '^[A-Za-z0-9._~/-]$' then c.letter
    else regexp_replace(upper(encode(convert_to(c.letter, 'UTF8'), 'hex')), '(..)', '%\1', 'g') end, '' order by c.position), '')
  from regexp_split_to_table(said, '') with ordinality c (letter, position)
$$;

create function baton.link_of_thread(thread public.threads)
returns text language sql stable set search_path = '' as $$
  select '/p/' || thread.project_id || case when thread.path is null
    then '/c/' || thread.chat_id || '?entry=' || thread.entry_id
    else '?tab=code&file=' || baton.url_encoded(thread.path) || coalesce('&line=' || thread.from_line, '')
  end || '&thread=' || thread.id
$$;
