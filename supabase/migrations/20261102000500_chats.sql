-- Chats of a project. `next_turn` numbers what is said in it: a turn of the model takes a number, and so do a message, a
-- notice and a compaction. It only grows, and whoever takes a number holds the row of the chat.
create table public.chats (
  id uuid primary key default gen_random_uuid(),
  project_id uuid not null references public.projects on delete cascade,
  title text not null check (baton.is_name(title)),
  next_turn integer not null default 0,
  created_by uuid,
  created_at timestamptz not null default clock_timestamp(),
  archived_at timestamptz
);
create index chats_of_a_project on public.chats (project_id, created_at);

-- The checklist that the agent keeps for all to see.
create table public.plans (
  chat_id uuid primary key references public.chats on delete cascade,
  project_id uuid not null,
  items jsonb not null check (jsonb_typeof(items) = 'array'),
  updated_at timestamptz not null default clock_timestamp()
);

alter table public.chats enable row level security;
alter table public.plans enable row level security;
revoke all on public.chats, public.plans from public, anon, authenticated, service_role;
grant select on public.chats, public.plans to authenticated, service_role;

create policy "members read the chats of their projects" on public.chats
for select to authenticated using (project_id in (select baton.my_projects()));
create policy "members read the plans of their projects" on public.plans
for select to authenticated using (project_id in (select baton.my_projects()));

create function baton.chat_json(chat public.chats)
returns jsonb language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object('id', chat.id, 'project_id', chat.project_id, 'title', chat.title,
    'created_by', chat.created_by, 'created_at', baton.instant(chat.created_at),
    'archived_at', baton.instant(chat.archived_at));
end
$$;

create function public.create_chat(project_id uuid, title text default null)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  project constant public.projects := baton.project_to_change(create_chat.project_id);
  chat public.chats;
begin
  insert into public.chats (project_id, title, created_by)
  values (project.id, baton.valid_name(coalesce(create_chat.title, 'New chat'), 'title'), baton.caller())
  returning * into chat;
  perform public.append_event('project:' || project.id, 'chat.created', baton.chat_json(chat));
  return baton.chat_json(chat);
end
$$;

create function public.rename_chat(chat_id uuid, title text)
returns void language plpgsql security definer set search_path = '' as $$
declare
  new_title constant text := baton.valid_name(rename_chat.title, 'title');
  chat public.chats := baton.hold_chat_to_change(rename_chat.chat_id);
begin
  update public.chats c set title = new_title where c.id = chat.id and c.title <> new_title returning c.* into chat;
  if not found then return; end if;
  perform public.append_event('project:' || chat.project_id, 'chat.renamed',
    jsonb_build_object('id', chat.id, 'title', chat.title));
end
$$;

create function public.archive_chat(chat_id uuid, archived boolean default true)
returns void language plpgsql security definer set search_path = '' as $$
declare
  chat public.chats := baton.hold_chat(archive_chat.chat_id);
begin
  update public.chats c set archived_at = case when archived then clock_timestamp() end
  where c.id = chat.id and (c.archived_at is not null) <> archived
  returning c.* into chat;
  if not found then return; end if;
  perform public.append_event('project:' || chat.project_id, 'chat.archived',
    jsonb_build_object('id', chat.id, 'archived_at', baton.instant(chat.archived_at)));
end
$$;

revoke all on function
  public.create_chat(uuid, text), public.rename_chat(uuid, text), public.archive_chat(uuid, boolean)
from public, anon, authenticated, service_role;
grant execute on function
  public.create_chat(uuid, text), public.rename_chat(uuid, text), public.archive_chat(uuid, boolean)
to authenticated;

-- For people: whoever may not see the chat does not lock it either.
create function baton.hold_chat(chat_id uuid)
returns public.chats language plpgsql set search_path = '' as $$
declare
  chat public.chats;
begin
  perform baton.project_of_caller(
    (select c.project_id from public.chats c where c.id = hold_chat.chat_id));
  select c.* into chat from public.chats c where c.id = hold_chat.chat_id for no key update;
  return chat;
end
$$;

create function baton.hold_chat_to_change(chat_id uuid)
returns public.chats language plpgsql set search_path = '' as $$
declare
  chat constant public.chats := baton.hold_chat(hold_chat_to_change.chat_id);
begin
  perform baton.project_to_change(chat.project_id);
  if chat.archived_at is null then return chat; end if;
  perform baton.refuse('BT027', 'This chat is archived.', 'Take it out of the archive first.',
    jsonb_build_object('archived_at', baton.instant(chat.archived_at)));
end
$$;

-- The next number, of a chat that is held.
create function baton.take_turn(chat_id uuid)
returns integer language plpgsql set search_path = '' as $$
declare
  turn integer;
begin
  update public.chats c set next_turn = c.next_turn + 1 where c.id = take_turn.chat_id
  returning c.next_turn - 1 into turn;
  return turn;
end
$$;
