-- Forks: a chat that begins as a copy of another one, up to a turn that has ended. The copies keep their turns, their
-- order and what the model called them, so the history up to there is the same to the byte, and so is the prompt cache.
-- They belong to no run: nothing that settles, stops or counts a run ever touches them, and what they cost was paid once.
-- The files are those of the project and are shared; a notice tells the model so, since what it remembers may be old.
--
-- The chat that is copied is held, so that no turn ends while it is read. The new one is seen by nobody before the commit.
create function public.fork_chat(chat_id uuid, turn integer, title text default null)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  source constant public.chats := baton.hold_chat(fork_chat.chat_id);
  project constant public.projects := baton.project_to_change(source.project_id);
  last_turn constant integer := baton.turn_to_fork(source, fork_chat.turn);
  fork public.chats;
begin
  insert into public.chats (project_id, title, next_turn, created_by)
  values (project.id, baton.valid_name(coalesce(fork_chat.title, left(source.title, 73) || ' (fork)'), 'title'),
    last_turn + 1, baton.caller())
  returning * into fork;
  if last_turn >= 0 then
    perform baton.copy_entries(source.id, fork.id, last_turn), baton.copy_plan(fork), baton.tell_of_fork(source, fork);
  end if;
  perform public.append_event('project:' || project.id, 'chat.created', baton.chat_json(fork));
  return baton.chat_json(fork);
end
$$;
revoke all on function public.fork_chat(uuid, integer, text) from public, anon, authenticated, service_role;
grant execute on function public.fork_chat(uuid, integer, text) to authenticated;

-- Turn -1 forks before everything. A call without a result would make a history that the model refuses.
create function baton.turn_to_fork(source public.chats, turn integer)
returns integer language plpgsql stable set search_path = '' as $$
begin
  if turn is null then
    perform baton.refuse('BT004', 'There is no turn to fork the chat from.', 'Choose one.', '{"field": "turn"}');
  end if;
  if exists (
    select from public.turns t where t.chat_id = source.id and t.turn <= turn_to_fork.turn and t.state = 'streaming'
  ) or exists (
    select from public.entries e left join public.tool_calls c on c.entry_id = e.id
    where e.chat_id = source.id and e.turn <= turn_to_fork.turn and e.state <> 'dropped'
      and (e.state = 'open' or c.ended_at is null and c.id is not null)
  ) then
    perform baton.refuse('BT029', 'This turn has not ended.', 'Wait until it has, or choose an earlier one.');
  end if;
  return greatest(least(turn, source.next_turn - 1), -1);
end
$$;

create function baton.copy_entries(source_id uuid, target_id uuid, last_turn integer)
returns void language sql set search_path = '' as $$
  with original as (
    select e.*, gen_random_uuid() as new_id from public.entries e
    where e.chat_id = source_id and e.turn <= last_turn and e.state = 'closed'
  ), turn as (
    select o.turn_id, gen_random_uuid() as new_id from original o where o.turn_id is not null group by o.turn_id
  ), copied as (
    insert into public.entries (id, chat_id, project_id, run_id, turn_id, turn, index, kind, text, data, state, in_history,
      author, created_at, closed_at)
    select o.new_id, target_id, o.project_id, null, t.new_id, o.turn, o.index, o.kind, o.text,
      o.data - array['message_id', 'client_id'], o.state, o.in_history, o.author, o.created_at, o.closed_at
    from original o left join turn t using (turn_id)
  )
  insert into public.tool_calls (id, run_id, copied_from, turn_id, entry_id, chat_id, project_id, api_id, name, input, state,
    attempt, result, error, ended_by, created_at, started_at, ended_at)
  select gen_random_uuid(), null, coalesce(c.copied_from, c.id), t.new_id, o.new_id, target_id, c.project_id, c.api_id, c.name,
    c.input, c.state, c.attempt, c.result, c.error, c.ended_by, c.created_at, c.started_at, c.ended_at
  from original o join public.tool_calls c on c.entry_id = o.id join turn t on t.turn_id = o.turn_id
$$;

-- As it stood at that turn.
create function baton.copy_plan(fork public.chats)
returns void language sql set search_path = '' as $$
  insert into public.plans (chat_id, project_id, items)
  select fork.id, fork.project_id, c.input -> 'items'
  from public.tool_calls c join public.entries e on e.id = c.entry_id
  where c.chat_id = fork.id and c.run_id is null and c.name = 'set_plan' and c.state = 'complete'
    and jsonb_typeof(c.input -> 'items') = 'array'
  order by e.turn desc, e.index desc limit 1
$$;

create function baton.tell_of_fork(source public.chats, fork public.chats)
returns void language sql set search_path = '' as $$
  insert into public.entries (chat_id, project_id, turn, index, kind, text, data, state, closed_at)
  values (fork.id, fork.project_id, baton.take_turn(fork.id), 0, 'notice',
    'This conversation was copied from another one here, and goes its own way from now on. The files are those of the '
    'project, which may have changed since: read a file again before you change it.',
    jsonb_build_object('reason', 'forked', 'chat_id', source.id, 'title', source.title), 'closed', clock_timestamp())
$$;
