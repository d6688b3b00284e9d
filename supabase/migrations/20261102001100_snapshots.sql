-- What a page begins with, each with the `seq` of the project's log from which its events go on.
create function public.project_snapshot(project_id uuid)
returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare
  project constant public.projects := baton.project_of_caller(project_snapshot.project_id);
begin
  return baton.tree_snapshot(project.id) || jsonb_build_object(
    'seq', baton.head('project:' || project.id),
    'project', baton.project_json(project),
    'chats', array(
      select baton.chat_json(c) from public.chats c where c.project_id = project.id order by c.created_at, c.id
    ),
    'runs', array(
      select baton.run_json(r) from public.runs r
      where r.project_id = project.id and r.state in ('queued', 'running', 'waiting') order by r.created_at, r.id
    ),
    'checkpoints', array(
      select baton.checkpoint_json(c) from public.checkpoints c
      where c.project_id = project.id order by c.version desc limit 100
    )
  ) || baton.builds_of_project(project.id);
end
$$;

create function public.chat_snapshot(chat_id uuid, max_entries integer default 200)
returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare
  chat constant public.chats := baton.chat_of_caller(chat_snapshot.chat_id);
begin
  return baton.page_of_entries(chat.id, null, max_entries) || jsonb_build_object(
    'seq', baton.head('project:' || chat.project_id),
    'chat', baton.chat_json(chat),
    'messages', array(
      select baton.message_json(m) from public.messages m
      where m.chat_id = chat.id and m.state = 'queued' order by m.position
    ),
    'questions', array(
      select baton.question_json(q) from public.questions q
      where q.chat_id = chat.id and q.state = 'open' order by q.created_at, q.id
    ),
    'run', (
      select baton.run_json(r) from public.runs r where r.chat_id = chat.id order by r.created_at desc limit 1
    ),
    'turn', (select baton.turn_json(t) from public.turns t where t.chat_id = chat.id and t.state = 'streaming'),
    'plan', coalesce((select p.items from public.plans p where p.chat_id = chat.id), '[]'),
    'usage', baton.usage_of_chat(chat.id)
  );
end
$$;

-- Older entries, in whole turns; `more` says that there are some before them.
create function public.read_entries(chat_id uuid, before_turn integer, max_entries integer default 200)
returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare
  chat constant public.chats := baton.chat_of_caller(read_entries.chat_id);
begin
  return baton.page_of_entries(chat.id, before_turn, max_entries);
end
$$;

create function public.run_snapshot(run_id uuid)
returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare
  run public.runs;
begin
  select r.* into run from public.runs r where r.id = run_snapshot.run_id;
  perform baton.project_of_caller(run.project_id);
  return jsonb_build_object(
    'seq', baton.head('project:' || run.project_id),
    'run', baton.run_json(run),
    'turns', array(
      select baton.turn_json(t) || jsonb_build_object('request_hash', t.request_hash, 'request_meta', t.request_meta)
      from public.turns t where t.run_id = run.id order by t.turn
    ),
    'tool_calls', array(
      select baton.tool_call_json(c) from public.tool_calls c where c.run_id = run.id order by c.created_at, c.id
    )
  );
end
$$;

revoke all on function
  public.project_snapshot(uuid), public.chat_snapshot(uuid, integer), public.read_entries(uuid, integer, integer),
  public.run_snapshot(uuid)
from public, anon, authenticated, service_role;
grant execute on function
  public.project_snapshot(uuid), public.chat_snapshot(uuid, integer), public.read_entries(uuid, integer, integer),
  public.run_snapshot(uuid)
to authenticated;

-- The rows from which a worker decides its next step; the history is read apart, since it is long and only grows.
create function public.run_rows(run_id uuid, token bigint)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  run constant public.runs := baton.share_run(run_rows.run_id, run_rows.token);
begin
  return jsonb_build_object(
    'run', baton.run_json(run),
    'stage', (select baton.stage_json(s) from public.stages s where s.id = baton.stage_of(run.id)),
    'turns', array(
      select baton.turn_json(t) from public.turns t where t.run_id = run.id order by t.turn
    ),
    'tool_calls', array(
      select baton.tool_call_json(c) from public.tool_calls c
      where c.run_id = run.id and (c.ended_at is null or c.turn_id = (
        select t.id from public.turns t where t.run_id = run.id and t.state <> 'abandoned' order by t.turn desc limit 1
      ))
      order by c.created_at, c.id
    ),
    'questions', array(
      select baton.question_json(q) from public.questions q
      where q.run_id = run.id and q.state = 'open' order by q.created_at, q.id
    ),
    'queued_messages', (select count(*) from public.messages m where m.chat_id = run.chat_id and m.state = 'queued'),
    'held', baton.run_is_held(run.id),
    'spent_usd', baton.spent_since_speech(run)
  );
end
$$;
revoke all on function public.run_rows(uuid, bigint) from public, anon, authenticated, service_role;
grant execute on function public.run_rows(uuid, bigint) to service_role;

create function baton.chat_of_caller(chat_id uuid)
returns public.chats language plpgsql stable set search_path = '' as $$
declare
  chat public.chats;
begin
  select c.* into chat from public.chats c where c.id = chat_of_caller.chat_id;
  perform baton.project_of_caller(chat.project_id);
  return chat;
end
$$;

create function baton.tree_snapshot(project_id uuid)
returns jsonb language plpgsql stable set search_path = '' as $$
begin
  return (
    select jsonb_build_object('version', t.version, 'files', array(
      select jsonb_build_object('path', f.path, 'version', f.version, 'hash', f.hash, 'size', f.size,
        'user_id', f.updated_by, 'tool_call_id', f.tool_call_id)
      from public.files f where f.project_id = t.project_id order by f.path
    ))
    from public.trees t where t.project_id = tree_snapshot.project_id
  );
end
$$;

-- A turn is not torn apart: the page begins where the turn of its first entry does.
create function baton.page_of_entries(chat_id uuid, before_turn integer, max_entries integer)
returns jsonb language plpgsql stable set search_path = '' as $$
declare
  horizon constant integer := coalesce(before_turn, 2147483647);
  bound constant integer := least(greatest(coalesce(max_entries, 200), 1), 1000);
  first_turn constant integer := coalesce((
    select e.turn from public.entries e
    where e.chat_id = page_of_entries.chat_id and e.turn < horizon and e.state <> 'dropped'
    order by e.turn desc, e.index desc offset bound - 1 limit 1
  ), 0);
begin
  return jsonb_build_object(
    'entries', array(
      select baton.entry_json(e, c)
      from public.entries e left join public.tool_calls c on c.entry_id = e.id
      where e.chat_id = page_of_entries.chat_id and e.turn >= first_turn and e.turn < horizon and e.state <> 'dropped'
      order by e.turn, e.index
    ),
    'more', exists (
      select from public.entries e
      where e.chat_id = page_of_entries.chat_id and e.turn < first_turn and e.state <> 'dropped'
    )
  );
end
$$;

create function baton.usage_of_chat(chat_id uuid)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'input_tokens', coalesce(sum(u.input_tokens), 0), 'output_tokens', coalesce(sum(u.output_tokens), 0),
    'cache_read_tokens', coalesce(sum(u.cache_read_tokens), 0), 'cache_write_tokens', coalesce(sum(u.cache_write_tokens), 0),
    'cost_usd', coalesce(sum(u.cost_usd), 0), 'cost_is_partial', coalesce(bool_or(u.cost_usd is null), false))
  from public.usage u where u.chat_id = usage_of_chat.chat_id
$$;
