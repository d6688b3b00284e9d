-- Messages: what people send to a chat. One that finds no run alive starts one, and is an entry at once; one that finds
-- a run alive waits in the queue, where everyone sees it and may edit or remove it, until a run takes it. The row of the
-- chat is held by whoever sends, takes, edits, removes, or ends a run: nothing falls between two runs.
--
-- A sender repeats `client_id` when an answer was lost, and finds the message that is already there.
--
-- Whoever writes while a question is open has chosen to write and not to answer: the question is withdrawn, whether the
-- run waits for it already or is still at work. A message that was there before the question was asked does not withdraw
-- it, since its sender had not seen it; it is taken after the answer. The row of the run, which a question shares and a
-- message holds, puts the two in an order.
create table public.messages (
  id uuid primary key default gen_random_uuid(),
  chat_id uuid not null references public.chats on delete cascade,
  project_id uuid not null,
  author uuid not null,
  client_id text not null check (char_length(client_id) between 1 and 100),
  content text not null,
  attachments jsonb not null default '[]',
  mentions jsonb not null default '[]',
  state text not null default 'queued' check (state in ('queued', 'sent', 'removed')),
  position bigint generated always as identity,
  run_id uuid,
  entry_id uuid,
  created_at timestamptz not null default clock_timestamp(),
  unique (chat_id, author, client_id),
  check ((state = 'sent') = (entry_id is not null))
);
create index queued_messages_of_a_chat on public.messages (chat_id, position) where state = 'queued';

alter table public.messages enable row level security;
revoke all on public.messages from public, anon, authenticated, service_role;
grant select on public.messages to authenticated, service_role;

create policy "members read the messages of their projects" on public.messages
for select to authenticated using (project_id in (select baton.my_projects()));

create function baton.message_json(message public.messages)
returns jsonb language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object('id', message.id, 'chat_id', message.chat_id, 'author', message.author,
    'client_id', message.client_id, 'content', message.content, 'attachments', message.attachments,
    'created_at', baton.instant(message.created_at));
end
$$;

create function public.send_message(chat_id uuid, content text, client_id text, attachments jsonb default '[]')
returns jsonb language plpgsql security definer set search_path = '' as $$
begin
  return baton.send(baton.hold_chat_to_change(send_message.chat_id), content, client_id, attachments);
end
$$;

-- Says it again, differently: what came after the message that it replaces leaves the conversation, and the files stay
-- (a checkpoint brings them back).
create function public.resend_from(entry_id uuid, content text, client_id text)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  chat constant public.chats := baton.hold_chat_to_change(
    (select e.chat_id from public.entries e where e.id = resend_from.entry_id));
  replaced public.entries;
  dropped baton.new_event;
begin
  if exists (
    select from public.messages m
    where m.chat_id = chat.id and m.author = baton.caller() and m.client_id = resend_from.client_id
  ) then return baton.send(chat, content, client_id, '[]'); end if;
  perform baton.require_rest(chat);
  select e.* into replaced from public.entries e
  where e.id = resend_from.entry_id and e.kind = 'message' and e.state = 'closed';
  if not found then
    perform baton.refuse('BT028', 'This message cannot be sent again.', 'Choose one that is still in the chat.');
  end if;
  update public.entries e set state = 'dropped', dropped_at_turn = chat.next_turn
  where e.chat_id = chat.id and e.turn >= replaced.turn and e.state = 'closed';
  dropped := row('project:' || chat.project_id, 'entry.dropped',
    jsonb_build_object('chat_id', chat.id, 'from_turn', replaced.turn))::baton.new_event;
  return baton.send(chat, content, client_id, coalesce(replaced.data -> 'attachments', '[]'), dropped);
end
$$;

create function public.edit_message(message_id uuid, content text)
returns void language plpgsql security definer set search_path = '' as $$
declare
  message public.messages := baton.hold_queued_message(edit_message.message_id);
  chat constant public.chats := (select c from public.chats c where c.id = message.chat_id);
  before constant jsonb := message.mentions;
begin
  perform baton.require_words(edit_message.content, message.attachments);
  update public.messages m
  set content = edit_message.content, mentions = baton.mentions_in_project(m.project_id, edit_message.content)
  where m.id = message.id and m.content <> edit_message.content returning m.* into message;
  if not found then return; end if;
  perform baton.append_events(
    baton.event('project:' || message.project_id, 'message.edited',
      jsonb_build_object('id', message.id, 'chat_id', message.chat_id, 'content', message.content))
    || baton.tell_mentioned_in_message(chat, message, before));
end
$$;

create function public.remove_message(message_id uuid)
returns void language plpgsql security definer set search_path = '' as $$
declare
  message public.messages := baton.hold_queued_message(remove_message.message_id);
begin
  update public.messages m set state = 'removed' where m.id = message.id;
  perform public.append_event('project:' || message.project_id, 'message.removed',
    jsonb_build_object('id', message.id, 'chat_id', message.chat_id));
end
$$;

revoke all on function
  public.send_message(uuid, text, text, jsonb), public.resend_from(uuid, text, text),
  public.edit_message(uuid, text), public.remove_message(uuid)
from public, anon, authenticated, service_role;
grant execute on function
  public.send_message(uuid, text, text, jsonb), public.resend_from(uuid, text, text),
  public.edit_message(uuid, text), public.remove_message(uuid)
to authenticated;

-- What people said since the last step, now part of the conversation. Looks before it locks: mostly there is nothing.
create function public.take_messages(run_id uuid, token bigint)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  run public.runs;
  events baton.new_event[];
begin
  if not exists (
    select from public.messages m join public.runs r using (chat_id)
    where r.id = take_messages.run_id and m.state = 'queued'
  ) then return '[]'; end if;
  run := baton.hold_chat_and_run(take_messages.run_id, take_messages.token);
  perform baton.require_no_turn(run), baton.require_calls_ended(run);
  events := baton.take_queue(run);
  perform baton.append_events(events);
  return to_jsonb(array(select e.payload from unnest(events) with ordinality e (topic, kind, payload, position) order by position));
end
$$;
revoke all on function public.take_messages(uuid, bigint) from public, anon, authenticated, service_role;
grant execute on function public.take_messages(uuid, bigint) to service_role;

-- The chat is held.
create function baton.send(
  chat public.chats, content text, client_id text, attachments jsonb, before baton.new_event default null
)
returns jsonb language plpgsql set search_path = '' as $$
declare
  message public.messages;
  living public.runs;
  events baton.new_event[] := array[before];
begin
  select m.* into message from public.messages m
  where m.chat_id = chat.id and m.author = baton.caller() and m.client_id = send.client_id;
  if found then return baton.sent_json(message); end if;
  perform baton.require_attachments(chat.project_id, attachments), baton.require_words(content, attachments);
  perform baton.require_client_id(client_id), baton.require_room_in_queue(chat.id);

  select r.* into living from public.runs r
  where r.chat_id = chat.id and r.state in ('queued', 'running', 'waiting') for no key update;
  insert into public.messages (chat_id, project_id, author, client_id, content, attachments, mentions, run_id)
  values (chat.id, chat.project_id, baton.caller(), send.client_id, send.content, send.attachments,
    baton.mentions_in_project(chat.project_id, send.content), living.id)
  returning * into message;
  if living.id is null then
    events := events || baton.start_run_if_messages_wait(chat.id, chat.project_id);
  else
    events := events
      || row('project:' || chat.project_id, 'message.queued', baton.message_json(message))::baton.new_event
      || baton.hear_message(living);
  end if;
  events := events || baton.note_message(chat);
  select m.* into message from public.messages m where m.id = message.id;
  perform baton.append_events(events || baton.tell_mentioned_in_message(chat, message, '[]'));
  return baton.sent_json(message);
end
$$;

create function baton.sent_json(message public.messages)
returns jsonb language plpgsql immutable set search_path = '' as $$
begin
  return jsonb_build_object('message_id', message.id, 'run_id', message.run_id, 'entry_id', message.entry_id,
    'state', message.state);
end
$$;

-- A new run for the queue of a chat that is held and at rest. No event when the queue is empty.
create function baton.start_run_if_messages_wait(chat_id uuid, project_id uuid)
returns baton.new_event[] language plpgsql set search_path = '' as $$
declare
  first public.messages;
  run public.runs;
begin
  select m.* into first from public.messages m
  where m.chat_id = start_run_if_messages_wait.chat_id and m.state = 'queued' order by m.position limit 1;
  if not found then return '{}'; end if;
  run := baton.start_run(chat_id, project_id, first.content, first.author);
  return baton.run_event(run) || baton.take_queue(run);
end
$$;

-- The chat is held.
create function baton.take_queue(run public.runs)
returns baton.new_event[] language plpgsql set search_path = '' as $$
declare
  message public.messages;
  event baton.new_event;
  events baton.new_event[] := '{}';
begin
  for message in
    select m.* from public.messages m where m.chat_id = run.chat_id and m.state = 'queued' order by m.position
  loop
    event := baton.write_aside(run, 'message', message.content,
      jsonb_build_object('message_id', message.id, 'client_id', message.client_id, 'attachments', message.attachments)
        || case when message.mentions = '[]' then '{}' else jsonb_build_object('mentions', message.mentions) end,
      message.author);
    update public.messages m set state = 'sent', run_id = run.id, entry_id = (event.payload ->> 'id')::uuid
    where m.id = message.id;
    events := events || event;
  end loop;
  return events;
end
$$;

create function baton.hold_queued_message(message_id uuid)
returns public.messages language plpgsql set search_path = '' as $$
declare
  chat constant public.chats := baton.hold_chat(
    (select m.chat_id from public.messages m where m.id = hold_queued_message.message_id));
  message public.messages;
begin
  select m.* into message from public.messages m
  where m.id = hold_queued_message.message_id and m.chat_id = chat.id and m.state = 'queued';
  if found then return message; end if;
  perform baton.refuse('BT028', 'This message is not waiting any more.', 'It was sent or removed; write a new one.');
end
$$;

create function baton.require_rest(chat public.chats)
returns void language plpgsql set search_path = '' as $$
begin
  if not exists (
    select from public.runs r where r.chat_id = chat.id and r.state in ('queued', 'running', 'waiting')
  ) then return; end if;
  perform baton.refuse('BT029', 'A run is going on in this chat.', 'Stop it first, or wait until it ends.');
end
$$;

create function baton.require_words(content text, attachments jsonb)
returns void language plpgsql immutable set search_path = '' as $$
begin
  if content is null or (content !~ '\S' and attachments = '[]') then
    perform baton.refuse('BT004', 'The message is empty.', 'Write something first.', '{"field": "content"}');
  end if;
  if char_length(content) <= 100000 then return; end if;
  perform baton.refuse('BT025', 'The message is too long.', 'Attach long texts as files.',
    jsonb_build_object('length', char_length(content), 'limit', 100000));
end
$$;

create function baton.require_client_id(client_id text)
returns void language plpgsql immutable set search_path = '' as $$
begin
  if char_length(client_id) between 1 and 100 then return; end if;
  perform baton.refuse('BT004', 'The message has no identity of its own.', 'Give each message a new client_id, such as a UUID.',
    '{"field": "client_id"}');
end
$$;

create function baton.require_room_in_queue(chat_id uuid)
returns void language plpgsql stable set search_path = '' as $$
begin
  if (
    select count(*) from public.messages m where m.chat_id = require_room_in_queue.chat_id and m.state = 'queued'
  ) < 50 then return; end if;
  perform baton.refuse('BT011', 'Too many messages are waiting in this chat.', 'Wait until the run has taken some.',
    '{"limit": 50}');
end
$$;

-- Attachments are objects of the bucket `attachments`, in the folder of the project.
create function baton.require_attachments(project_id uuid, attachments jsonb)
returns void language plpgsql stable set search_path = '' as $$
begin
  if jsonb_typeof(attachments) = 'array' and jsonb_array_length(attachments) <= 10 and not exists (
    select from jsonb_array_elements(attachments) a where not baton.is_attachment(require_attachments.project_id, a)
  ) then return; end if;
  perform baton.refuse('BT004', 'These attachments cannot be sent.',
    'Attach at most 10 images or text files, of 5 MB each.', '{"field": "attachments"}');
end
$$;

create function baton.is_attachment(project_id uuid, attachment jsonb)
returns boolean language plpgsql immutable set search_path = '' as $$
begin
  return jsonb_typeof(attachment) = 'object'
    and attachment - array['name', 'media_type', 'size', 'path'] = '{}'
    and baton.is_name(attachment ->> 'name') is true
    and attachment ->> 'media_type' ~ '^(image/(png|jpeg|gif|webp)|text/[a-z0-9.+-]+|application/json)$' is true
    and jsonb_typeof(attachment -> 'size') = 'number' and (attachment ->> 'size')::numeric between 0 and 5242880
    and attachment ->> 'path' ~ ('^' || project_id || '/[A-Za-z0-9._-]{1,100}$') is true;
end
$$;
