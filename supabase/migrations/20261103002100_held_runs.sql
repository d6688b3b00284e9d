-- Runs that wait for an answer to their escalation. `holds_run` says so; the run is `waiting` with the reason `escalated`,
-- or gets there at its next step, or failed and is tried again. It goes on, from where it stood, when somebody answers:
-- a message of the holder or of a senior, a return, a resolution, a withdrawal, a retry. Messages of others wait in the
-- queue until then. A question holds its run by itself.

-- Without a search path of its own, so that the planner sees through it to the index.
create function baton.run_is_held(run_id uuid)
returns boolean language sql stable as $$
  select exists (select from public.escalations e where e.run_id = run_is_held.run_id and e.holds_run)
$$;

-- A run that nobody works on waits at once. One that is running learns it at its next step.
create function baton.pause_run(run public.runs, e public.escalations)
returns baton.new_event language plpgsql set search_path = '' as $$
begin
  if not e.holds_run then return null; end if;
  update public.runs r set state = 'waiting', reason = 'escalated'
  where r.id = run.id and r.state = 'queued' returning r.* into run;
  if not found then return null; end if;
  return baton.run_event(run);
end
$$;

-- A worker that sees no way on: the escalation is raised, and the run waits for its answer. False: it may go on at once.
create function public.raise_and_wait(
  run_id uuid, token bigint, source text, reason text, note text default null, facts jsonb default '{}'
)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  run public.runs := baton.hold_chat_and_run(raise_and_wait.run_id, raise_and_wait.token);
  events baton.new_event[];
  held boolean;
begin
  perform baton.require_no_turn(run), baton.require_calls_ended(run, true);
  events := array[baton.checkpoint_run(run)]
    || baton.raise_escalation(run.chat_id, source, reason, 'normal', note, facts, run.id);
  held := baton.run_is_held(run.id);
  if held then
    update public.runs r set state = 'waiting', reason = 'escalated', lease_expires_at = null, worker = null
    where r.id = run.id returning r.* into run;
    events := events || baton.run_event(run);
  end if;
  perform baton.append_events(events);
  return jsonb_build_object('waits', held, 'escalation_id', (
    select e.id from public.escalations e where e.chat_id = run.chat_id and e.state in ('open', 'claimed')));
end
$$;
revoke all on function public.raise_and_wait(uuid, bigint, text, text, text, jsonb)
from public, anon, authenticated, service_role;
grant execute on function public.raise_and_wait(uuid, bigint, text, text, text, jsonb) to service_role;

-- The tool `escalate`: what it says is committed with its result, and the run waits at its next step. The worker shares
-- the run and does not hold the chat; the unique index decides between it and a person who raises at the same moment.
create function baton.raise_by_agent(call public.tool_calls, effect jsonb)
returns baton.new_event[] language plpgsql set search_path = '' as $$
declare
  chat public.chats;
  run public.runs;
begin
  perform baton.require_priority(coalesce(effect ->> 'priority', 'normal'));
  select c.* into chat from public.chats c where c.id = call.chat_id;
  select r.* into run from public.runs r where r.id = call.run_id;
  return baton.raise_for(chat, run, 'agent', baton.valid_reason(effect ->> 'reason'),
    coalesce(effect ->> 'priority', 'normal'), effect ->> 'note',
    jsonb_strip_nulls(jsonb_build_object('confidence', effect -> 'confidence', 'tool_call_id', call.id)), null);
end
$$;

-- Why a failed run asks for help by itself. Null: a person ended it.
create function baton.source_of_failure(reason text)
returns text language sql immutable set search_path = '' as $$
  select case
    when reason in ('same_call_thrice', 'too_many_steps', 'loop') then 'loop'
    when reason in ('budget_spent') then 'budget'
    when reason in ('stopped') then null
    else 'fault'
  end
$$;

create function baton.raise_failure(run public.runs, reason text, error jsonb)
returns baton.new_event[] language plpgsql set search_path = '' as $$
declare
  source constant text := baton.source_of_failure(reason);
begin
  if source is null then return '{}'; end if;
  return baton.raise_escalation(run.chat_id, source,
    coalesce(nullif(baton.one_line(error ->> 'message'), ''), 'The run failed: ' || raise_failure.reason || '.'),
    'normal', null, jsonb_build_object('reason', raise_failure.reason, 'error', error), run.id);
end
$$;

-- The chat and the run are held, and `e` is how it was before it ended. `note` is said in the conversation.
create function baton.let_run_go_on(e public.escalations, author uuid, note text)
returns baton.new_event[] language plpgsql set search_path = '' as $$
declare
  run public.runs;
  events baton.new_event[] := '{}';
begin
  if not e.holds_run then return '{}'; end if;
  select r.* into run from public.runs r where r.id = e.run_id;
  if run.id is null or run.state = 'completed' then return '{}'; end if;
  if note is not null then
    events := array[baton.queue_note(run, author, note)] || baton.dismiss_questions(run);
  end if;
  if run.state in ('failed', 'stopped') then
    if note is null or not baton.is_last_run(run) then return events; end if;
    return events || baton.requeue_run(run);
  end if;
  return events || baton.resume_run(run);
end
$$;

create function baton.queue_note(run public.runs, author uuid, note text)
returns baton.new_event language plpgsql set search_path = '' as $$
declare
  message public.messages;
begin
  insert into public.messages (chat_id, project_id, author, client_id, content, run_id)
  values (run.chat_id, run.project_id, queue_note.author, 'note:' || gen_random_uuid(), note, run.id)
  returning * into message;
  return row('project:' || run.project_id, 'message.queued', baton.message_json(message))::baton.new_event;
end
$$;

-- A message to a chat whose run is alive; the chat and the run are held. A run that waits for an answer takes it as one
-- if it comes from who may answer; one that asked a question goes on without an answer to it (see messages.sql).
create function baton.hear_message(run public.runs)
returns baton.new_event[] language plpgsql set search_path = '' as $$
declare
  caller constant uuid := baton.caller();
  e public.escalations;
  events baton.new_event[] := '{}';
begin
  select x.* into e from public.escalations x where x.run_id = run.id and x.holds_run for no key update;
  if e.id is not null then
    if e.claimed_by is distinct from caller and baton.role_in_team(e.team_id) < 'senior' then return '{}'; end if;
    events := baton.answered(e, caller);
  end if;
  return events || baton.dismiss_questions(run) || baton.resume_run(run);
end
$$;

-- Whatever lets the run go on while the escalation itself goes on too. It is held.
create function baton.answered(e public.escalations, by uuid)
returns baton.new_event[] language plpgsql set search_path = '' as $$
begin
  update public.escalations x set holds_run = false where x.id = e.id and x.holds_run returning x.* into e;
  if not found then return '{}'; end if;
  return array[baton.escalation_event(e), baton.record(e, 'answered', answered.by)];
end
$$;

-- A run that came to its end before it saw that it was to wait.
create function baton.drop_hold(run_id uuid)
returns baton.new_event language plpgsql set search_path = '' as $$
declare
  e public.escalations;
begin
  update public.escalations x set holds_run = false where x.run_id = drop_hold.run_id and x.holds_run returning x.* into e;
  if not found then return null; end if;
  return baton.escalation_event(e);
end
$$;

-- Somebody tries the run again: it waits for nobody. The run is held.
create function baton.release_run(run_id uuid)
returns baton.new_event[] language plpgsql set search_path = '' as $$
declare
  e public.escalations;
begin
  select x.* into e from public.escalations x where x.run_id = release_run.run_id and x.holds_run for no key update;
  if not found then return '{}'; end if;
  return baton.answered(e, baton.caller());
end
$$;

-- The question that was raised has its answer. Nobody need come who has not come yet.
create function baton.settle_question(question_id uuid, by uuid)
returns baton.new_event[] language plpgsql set search_path = '' as $$
declare
  moment constant timestamptz := clock_timestamp();
  e public.escalations;
begin
  select x.* into e from public.escalations x
  where x.question_id = settle_question.question_id and x.state in ('open', 'claimed') for no key update;
  if not found then return '{}'; end if;
  if e.state = 'claimed' then return array[baton.record(e, 'answered', settle_question.by)]; end if;
  update public.escalations x
  set state = 'cancelled', closed_at = moment, closed_by = settle_question.by, news_at = moment, next_level_at = null,
      closing_note = 'The question was answered.'
  where x.id = e.id returning x.* into e;
  return array[baton.escalation_event(e), baton.record(e, 'cancelled', settle_question.by,
    jsonb_build_object('note', e.closing_note))] || baton.clear_bells(e);
end
$$;
