-- Tool calls: what the model asked for, what was done, and what it was told.
--
--   pending ──▶ queued ──▶ running ──▶ complete | error        any of the three before the end ──▶ cancelled
--     open        ▲          │
--     block       └──────────┘ its worker is gone
--
-- A call is pending while its block is open, and runs as soon as it closes. What it does to our rows and its result are
-- one transaction under the lease, so a call that is run again after a crash had done nothing. `result` is what the model
-- is told, in every state that ends; `error` is the whole fault, for people; `ended_by` is the person who answered what it
-- asked, or who cancelled it. A copy, in a chat that was forked, names the call it was copied from, and belongs to no run.
create table public.tool_calls (
  id uuid primary key,
  run_id uuid references public.runs on delete cascade,
  copied_from uuid,
  turn_id uuid not null,
  entry_id uuid not null unique,
  chat_id uuid not null references public.chats on delete cascade,
  project_id uuid not null,
  api_id text not null,
  name text not null,
  input jsonb not null default '{}',
  state text not null default 'pending'
    check (state in ('pending', 'queued', 'running', 'complete', 'error', 'cancelled')),
  attempt integer not null default 0,
  result text,
  error jsonb,
  ended_by uuid,
  created_at timestamptz not null default clock_timestamp(),
  started_at timestamptz,
  ended_at timestamptz,
  check ((run_id is null) = (copied_from is not null)),
  check ((state in ('complete', 'error', 'cancelled')) = (ended_at is not null)),
  check ((state in ('complete', 'error', 'cancelled')) = (result is not null))
);
create index tool_calls_of_a_run on public.tool_calls (run_id);
create index tool_calls_of_a_fork on public.tool_calls (chat_id) where run_id is null;

-- What a tool asked people. Its call keeps running until someone answers; the run waits when nothing else is to be done.
-- A prompt with a `plan` asks whether to go on with it; the answer is then `{approved, note}`.
create table public.questions (
  id uuid primary key,
  run_id uuid not null references public.runs on delete cascade,
  chat_id uuid not null,
  project_id uuid not null,
  tool_call_id uuid not null unique references public.tool_calls on delete cascade,
  prompt jsonb not null,
  state text not null default 'open' check (state in ('open', 'answered', 'dismissed')),
  answer jsonb,
  answered_by uuid,
  created_at timestamptz not null default clock_timestamp(),
  closed_at timestamptz,
  check ((state = 'open') = (closed_at is null))
);
create index questions_of_a_run on public.questions (run_id);
create index open_questions_of_a_chat on public.questions (chat_id) where state = 'open';

alter table public.tool_calls enable row level security;
alter table public.questions enable row level security;
revoke all on public.tool_calls, public.questions from public, anon, authenticated, service_role;
grant select on public.tool_calls, public.questions to authenticated, service_role;

create policy "members read the tool calls of their projects" on public.tool_calls
for select to authenticated using (project_id in (select baton.my_projects()));
create policy "members read the questions of their projects" on public.questions
for select to authenticated using (project_id in (select baton.my_projects()));

create function baton.tool_call_json(call public.tool_calls)
returns jsonb language plpgsql stable set search_path = '' as $$
begin
  return baton.tool_state_json(call) || jsonb_build_object('input', call.input);
end
$$;

-- Without the input, as events have it: it has been streamed, character by character, and whoever did not see that reads
-- a snapshot.
create function baton.tool_state_json(call public.tool_calls)
returns jsonb language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object('id', call.id, 'entry_id', call.entry_id, 'run_id', call.run_id, 'turn_id', call.turn_id,
    'chat_id', call.chat_id, 'api_id', call.api_id, 'name', call.name, 'state', call.state,
    'is_error', call.state in ('error', 'cancelled'), 'attempt', call.attempt, 'result', call.result, 'error', call.error,
    'ended_by', call.ended_by, 'created_at', baton.instant(call.created_at),
    'started_at', baton.instant(call.started_at), 'ended_at', baton.instant(call.ended_at));
end
$$;

create function baton.tool_event(call public.tool_calls)
returns baton.new_event language plpgsql stable set search_path = '' as $$
begin
  return row('project:' || call.project_id, 'tool.changed', baton.tool_state_json(call))::baton.new_event;
end
$$;

create function baton.question_json(question public.questions)
returns jsonb language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object('id', question.id, 'run_id', question.run_id, 'chat_id', question.chat_id,
    'tool_call_id', question.tool_call_id, 'prompt', question.prompt, 'state', question.state,
    'answer', question.answer, 'answered_by', question.answered_by,
    'created_at', baton.instant(question.created_at), 'closed_at', baton.instant(question.closed_at));
end
$$;

create function baton.question_event(question public.questions, kind text)
returns baton.new_event language plpgsql stable set search_path = '' as $$
begin
  return row('project:' || question.project_id, kind, baton.question_json(question))::baton.new_event;
end
$$;

-- The block of a call is whole: it runs at once, or waits until it may. `tail` is what was typed at `offset` and never
-- appended: it goes out with the same event, and is not kept, since the input has it.
create function public.close_tool_use(
  entry_id uuid, run_id uuid, token bigint, input jsonb, start boolean default true,
  "offset" integer default null, tail text default null
)
returns void language plpgsql security definer set search_path = '' as $$
declare
  run constant public.runs := baton.share_run(close_tool_use.run_id, close_tool_use.token);
  closed_at constant timestamptz := baton.close_block(close_tool_use.entry_id, run.id);
  call public.tool_calls;
begin
  if closed_at is null then return; end if;
  perform baton.require_end(close_tool_use.entry_id, close_tool_use."offset");
  update public.tool_calls c
  set input = close_tool_use.input, state = case when start then 'running' else 'queued' end,
      attempt = case when start then 1 else 0 end, started_at = case when start then clock_timestamp() end
  where c.entry_id = close_tool_use.entry_id and c.state = 'pending' returning c.* into call;
  perform public.append_event('project:' || run.project_id, 'tool.changed',
    baton.tool_state_json(call) || jsonb_build_object('closed_at', baton.instant(closed_at))
      || baton.tail_json(close_tool_use.tail));
end
$$;

-- The block is whole, but is no call that could be run: its input is malformed, or there is no such tool.
create function public.refuse_tool_use(
  entry_id uuid, run_id uuid, token bigint, error jsonb, result text, input jsonb default '{}'
)
returns void language plpgsql security definer set search_path = '' as $$
declare
  run constant public.runs := baton.share_run(refuse_tool_use.run_id, refuse_tool_use.token);
  closed_at constant timestamptz := baton.close_block(refuse_tool_use.entry_id, run.id);
  call public.tool_calls;
  ended baton.new_event;
begin
  if closed_at is null then return; end if;
  update public.tool_calls c set input = refuse_tool_use.input where c.entry_id = refuse_tool_use.entry_id
  returning c.* into call;
  ended := baton.end_call(call, 'error', refuse_tool_use.result, refuse_tool_use.error);
  perform public.append_event(ended.topic, ended.kind,
    ended.payload || jsonb_build_object('closed_at', baton.instant(closed_at), 'input', call.input));
end
$$;

-- Answers which attempt it is.
create function public.start_tool_call(tool_call_id uuid, run_id uuid, token bigint)
returns integer language plpgsql security definer set search_path = '' as $$
declare
  run constant public.runs := baton.share_run(start_tool_call.run_id, start_tool_call.token);
  call public.tool_calls;
begin
  update public.tool_calls c set state = 'running', attempt = c.attempt + 1, started_at = clock_timestamp()
  where c.id = start_tool_call.tool_call_id and c.run_id = run.id and c.state = 'queued' returning c.* into call;
  if not found then perform baton.refuse_call(start_tool_call.tool_call_id); end if;
  perform public.append_event('project:' || run.project_id, 'tool.changed', baton.tool_state_json(call));
  return call.attempt;
end
$$;

-- Effects and result, together or not at all. A repeat changes nothing and answers the same.
create function public.finish_tool_call(
  tool_call_id uuid, run_id uuid, token bigint, result text, effects jsonb default '[]'
)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  run constant public.runs := baton.share_run(finish_tool_call.run_id, finish_tool_call.token);
  call public.tool_calls := baton.hold_call(finish_tool_call.tool_call_id, run.id);
  events baton.new_event[] := '{}';
begin
  if call.state <> 'complete' then
    perform baton.require_running(call);
    if effects <> '[]' then events := baton.apply_effects(effects, call); end if;
    perform baton.append_events(events || baton.end_call(call, 'complete', finish_tool_call.result));
  end if;
  return jsonb_build_object('state', 'complete', 'files', array(
    select jsonb_build_object('op', o.op, 'path', o.path, 'from_path', o.from_path, 'version', o.version,
      'hash', o.hash, 'size', o.size)
    from public.file_operations o
    where effects <> '[]' and o.run_id = run.id and o.tool_call_id = call.id order by o.version
  ));
end
$$;

create function public.fail_tool_call(tool_call_id uuid, run_id uuid, token bigint, error jsonb, result text)
returns void language plpgsql security definer set search_path = '' as $$
declare
  run constant public.runs := baton.share_run(fail_tool_call.run_id, fail_tool_call.token);
  call constant public.tool_calls := baton.hold_call(fail_tool_call.tool_call_id, run.id);
begin
  if call.state = 'error' then return; end if;
  perform baton.require_running(call);
  perform baton.append_events(array[baton.end_call(call, 'error', fail_tool_call.result, fail_tool_call.error)]);
end
$$;

create function public.ask_question(question_id uuid, tool_call_id uuid, run_id uuid, token bigint, prompt jsonb)
returns void language plpgsql security definer set search_path = '' as $$
declare
  run constant public.runs := baton.share_run(ask_question.run_id, ask_question.token);
  call constant public.tool_calls := baton.hold_call(ask_question.tool_call_id, run.id);
  question public.questions;
begin
  if exists (select from public.questions q where q.tool_call_id = call.id) then return; end if;
  perform baton.require_running(call);
  insert into public.questions (id, run_id, chat_id, project_id, tool_call_id, prompt)
  values (ask_question.question_id, run.id, run.chat_id, run.project_id, call.id, ask_question.prompt)
  returning * into question;
  perform baton.append_events(array[
    case when ask_question.prompt ? 'plan' then baton.set_plan(call, ask_question.prompt -> 'plan') end,
    baton.question_event(question, 'question.asked')]);
end
$$;

revoke all on function
  public.close_tool_use(uuid, uuid, bigint, jsonb, boolean, integer, text),
  public.refuse_tool_use(uuid, uuid, bigint, jsonb, text, jsonb),
  public.start_tool_call(uuid, uuid, bigint), public.finish_tool_call(uuid, uuid, bigint, text, jsonb),
  public.fail_tool_call(uuid, uuid, bigint, jsonb, text), public.ask_question(uuid, uuid, uuid, bigint, jsonb)
from public, anon, authenticated, service_role;
grant execute on function
  public.close_tool_use(uuid, uuid, bigint, jsonb, boolean, integer, text),
  public.refuse_tool_use(uuid, uuid, bigint, jsonb, text, jsonb),
  public.start_tool_call(uuid, uuid, bigint), public.finish_tool_call(uuid, uuid, bigint, text, jsonb),
  public.fail_tool_call(uuid, uuid, bigint, jsonb, text), public.ask_question(uuid, uuid, uuid, bigint, jsonb)
to service_role;

-- By anyone of the team. With the last answer a run that waited goes on.
create function public.answer_question(question_id uuid, answer jsonb)
returns void language plpgsql security definer set search_path = '' as $$
declare
  run constant public.runs := baton.hold_run_of_caller(
    (select q.run_id from public.questions q where q.id = answer_question.question_id));
  question public.questions;
  call public.tool_calls;
begin
  if answer_question.answer is null then
    perform baton.refuse('BT004', 'There is no answer.', 'Answer the question first.', '{"field": "answer"}');
  end if;
  update public.questions q
  set state = 'answered', answer = answer_question.answer, answered_by = baton.caller(), closed_at = clock_timestamp()
  where q.id = answer_question.question_id and q.state = 'open' returning q.* into question;
  if not found then
    perform baton.refuse('BT030', 'This question was answered already, or withdrawn.', 'Look at the chat again.',
      (select jsonb_build_object('state', q.state, 'answered_by', q.answered_by) from public.questions q
        where q.id = answer_question.question_id));
  end if;
  perform baton.require_decision(question);
  call := baton.hold_call(question.tool_call_id, run.id);
  perform baton.append_events(array[
    baton.question_event(question, 'question.closed'),
    baton.end_call(call, 'complete', answer_question.answer::text, ended_by => baton.caller())
  ] || baton.resume_run(run) || baton.settle_question(question.id, baton.caller()) || baton.touch_claims(run.project_id));
end
$$;

-- One call alone: the run goes on, and the model is told.
create function public.cancel_tool_call(tool_call_id uuid)
returns void language plpgsql security definer set search_path = '' as $$
declare
  run constant public.runs := baton.hold_run_of_caller(
    (select c.run_id from public.tool_calls c where c.id = cancel_tool_call.tool_call_id));
  call constant public.tool_calls := baton.hold_call(cancel_tool_call.tool_call_id, run.id);
begin
  if call.state not in ('queued', 'running') then return; end if;
  perform baton.append_events(array[
    baton.close_question(call, 'dismissed'),
    baton.end_call(call, 'cancelled', 'A person cancelled this call before it ended.', ended_by => baton.caller())
  ] || baton.resume_run(run));
end
$$;

revoke all on function public.answer_question(uuid, jsonb), public.cancel_tool_call(uuid)
from public, anon, authenticated, service_role;
grant execute on function public.answer_question(uuid, jsonb), public.cancel_tool_call(uuid) to authenticated;

-- Null when it was closed before.
create function baton.close_block(entry_id uuid, run_id uuid)
returns timestamptz language plpgsql set search_path = '' as $$
declare
  closed_at timestamptz;
begin
  update public.entries e set state = 'closed', closed_at = clock_timestamp()
  where e.id = close_block.entry_id and e.run_id = close_block.run_id and e.state = 'open' and e.kind = 'tool_use'
  returning e.closed_at into closed_at;
  if not found then perform baton.require_entry(close_block.entry_id, close_block.run_id); end if;
  return closed_at;
end
$$;

create function baton.hold_call(tool_call_id uuid, run_id uuid)
returns public.tool_calls language plpgsql set search_path = '' as $$
declare
  call public.tool_calls;
begin
  select c.* into call from public.tool_calls c
  where c.id = hold_call.tool_call_id and c.run_id = hold_call.run_id for no key update;
  if not found then perform baton.refuse_call(hold_call.tool_call_id); end if;
  return call;
end
$$;

-- A call that asked a question is ended by the answer, not by its worker.
create function baton.require_running(call public.tool_calls)
returns void language plpgsql set search_path = '' as $$
begin
  if call.state = 'running' and not exists (select from public.questions q where q.tool_call_id = call.id) then return; end if;
  perform baton.refuse_call(call.id);
end
$$;

create function baton.refuse_call(tool_call_id uuid)
returns void language plpgsql stable set search_path = '' as $$
begin
  perform baton.refuse('BT026', 'This tool call is not what is to be done now.', 'Read the calls of the run again.',
    coalesce((select jsonb_build_object('id', c.id, 'state', c.state) from public.tool_calls c
      where c.id = refuse_call.tool_call_id), '{}'));
end
$$;

-- A plan is approved or it is not; a note may say why.
create function baton.require_decision(question public.questions)
returns void language plpgsql immutable set search_path = '' as $$
declare
  answer constant jsonb := question.answer;
begin
  if not question.prompt ? 'plan' or (jsonb_typeof(answer) = 'object' and answer - 'note' in ('{"approved": true}', '{"approved": false}')
    and coalesce(jsonb_typeof(answer -> 'note') = 'string' and char_length(answer ->> 'note') <= 4000, true)) then return; end if;
  perform baton.refuse('BT004', 'A plan is approved or rejected.',
    'Answer with {"approved": true} or {"approved": false}, and a "note" of at most 4,000 characters if you like.',
    '{"field": "answer"}');
end
$$;

-- The one place where a call ends.
create function baton.end_call(
  call public.tool_calls, state text, result text, error jsonb default null, ended_by uuid default null
)
returns baton.new_event language plpgsql set search_path = '' as $$
begin
  update public.tool_calls c
  set state = end_call.state, result = coalesce(end_call.result, ''), error = end_call.error, ended_by = end_call.ended_by,
      ended_at = clock_timestamp()
  where c.id = call.id returning c.* into call;
  return baton.tool_event(call);
end
$$;

-- Projects before trees: the order of locks. Files change in the order in which the tool gave them.
create function baton.apply_effects(effects jsonb, call public.tool_calls)
returns baton.new_event[] language plpgsql set search_path = '' as $$
declare
  author constant baton.file_author := row(null, call.run_id, call.turn_id, call.id, null);
  topic constant text := 'project:' || call.project_id;
  effect jsonb;
  change jsonb;
  files_changed boolean := false;
  events baton.new_event[] := '{}';
begin
  for effect in select e from jsonb_array_elements(effects) e where e ->> 'kind' = 'rename_app' loop
    events := events || baton.name_project(call.project_id, baton.valid_name(effect ->> 'name', 'name'));
  end loop;
  for effect in select e from jsonb_array_elements(effects) e where e ->> 'kind' = 'set_plan' loop
    events := events || baton.set_plan(call, effect -> 'items');
  end loop;
  for effect in
    select e from jsonb_array_elements(effects) with ordinality e (e, position)
    where e ->> 'kind' not in ('rename_app', 'set_plan', 'escalate') order by position
  loop
    perform baton.lock_tree(call.project_id);
    change := baton.change_file(call.project_id, effect, author);
    if not change ? 'unchanged' then
      events := events || row(topic, 'file.changed', change)::baton.new_event;
      files_changed := true;
    end if;
  end loop;
  if files_changed then
    events := events || baton.request_preview(call.project_id, 'run', run_id => call.run_id);
  end if;
  for effect in select e from jsonb_array_elements(effects) e where e ->> 'kind' = 'escalate' loop
    events := events || baton.raise_by_agent(call, effect);
  end loop;
  return events;
end
$$;

create function baton.set_plan(call public.tool_calls, items jsonb)
returns baton.new_event language plpgsql set search_path = '' as $$
begin
  insert into public.plans as p (chat_id, project_id, items) values (call.chat_id, call.project_id, set_plan.items)
  on conflict on constraint plans_pkey do update set items = excluded.items, updated_at = excluded.updated_at;
  return row('project:' || call.project_id, 'plan.changed',
    jsonb_build_object('chat_id', call.chat_id, 'items', set_plan.items))::baton.new_event;
end
$$;

-- The worker is gone. A call that had its time, or that no worker survives, ends here; the others are run again.
create function baton.requeue_calls(run public.runs)
returns baton.new_event[] language plpgsql set search_path = '' as $$
declare
  call public.tool_calls;
  events baton.new_event[] := '{}';
begin
  for call in
    select c.* from public.tool_calls c
    where c.run_id = run.id and c.state = 'running'
      and not exists (select from public.questions q where q.tool_call_id = c.id and q.state = 'open')
    order by c.created_at, c.id
  loop
    if call.started_at < clock_timestamp() - interval '180 seconds' then
      events := events || baton.end_call(call, 'error', 'This call took longer than 180 seconds and was ended.',
        '{"type": "timeout", "seconds": 180}');
    elsif call.attempt >= 3 then
      events := events || baton.end_call(call, 'error', 'This call was started three times, and each time its worker died.',
        jsonb_build_object('type', 'worker_died', 'attempts', call.attempt));
    else
      update public.tool_calls c set state = 'queued', started_at = null where c.id = call.id returning c.* into call;
      events := events || baton.tool_event(call);
    end if;
  end loop;
  return events;
end
$$;

create function baton.cancel_calls(run public.runs, result text)
returns baton.new_event[] language plpgsql set search_path = '' as $$
begin
  return array(
    select baton.end_call(c, 'cancelled', cancel_calls.result)
    from public.tool_calls c where c.run_id = run.id and c.state in ('pending', 'queued', 'running')
    order by c.created_at, c.id
  );
end
$$;

-- The calls whose blocks were cut.
create function baton.cancel_calls_of(entries uuid[])
returns baton.new_event[] language plpgsql set search_path = '' as $$
begin
  return array(
    select baton.end_call(c, 'cancelled', 'The call was cut off before its input was whole.')
    from public.tool_calls c where c.entry_id = any (entries) and c.state = 'pending'
  );
end
$$;

create function baton.close_question(call public.tool_calls, state text)
returns baton.new_event language plpgsql set search_path = '' as $$
declare
  question public.questions;
begin
  update public.questions q set state = close_question.state, closed_at = clock_timestamp()
  where q.tool_call_id = call.id and q.state = 'open' returning q.* into question;
  if not found then return null; end if;
  return baton.question_event(question, 'question.closed');
end
$$;

-- For a person who writes instead of answering, and for a run that ends.
create function baton.dismiss_questions(run public.runs)
returns baton.new_event[] language plpgsql set search_path = '' as $$
declare
  call public.tool_calls;
  events baton.new_event[] := '{}';
begin
  for call in
    select c.* from public.tool_calls c join public.questions q on q.tool_call_id = c.id
    where q.run_id = run.id and q.state = 'open' order by q.created_at, q.id
  loop
    events := events || baton.close_question(call, 'dismissed')
      || baton.end_call(call, 'complete', 'The question was not answered.');
  end loop;
  return events;
end
$$;

-- A run that waits for nothing any more goes on; one that was stuck begins its counts anew. It is held; no event when it
-- does not change.
create function baton.resume_run(run public.runs)
returns baton.new_event[] language plpgsql set search_path = '' as $$
begin
  if run.state <> 'waiting' or baton.run_is_held(run.id)
    or exists (select from public.questions q where q.run_id = run.id and q.state = 'open') then return '{}'; end if;
  if run.error is not null then return baton.requeue_run(run); end if;
  update public.runs r set state = 'queued', reason = null, available_at = clock_timestamp() where r.id = run.id returning r.* into run;
  perform baton.wake_agent(run.id);
  return array[baton.run_event(run)];
end
$$;
