-- Runs that wait for an answer to their escalation. `holds_run` says so; the run is `waiting` with the reason `escalated`,
-- or gets there at its next step. Some got there because somebody asked for help, and could go on by themselves; others
-- are stuck, and `error` says on what.
--
--   running ─── the tool `escalate`, or a person: at its next step ──────────────────────▶ waiting
--   running ─── a loop, a spent budget, a fault of the model that stays: raise_and_wait ─▶ waiting, stuck
--   completed ─ its preview could not be mended ─────────────────────────────────────────▶ waiting, stuck
--
--   waiting ─── a message of the holder or of a senior, a return, a resolution ─▶ queued, and on from where it stood
--           ─── retry_run, of a stuck one, by anyone of the team ───────────────▶ queued
--           ─── withdrawn: nobody is to come. One that could go on does so, and so does a stuck one for which a message
--               waits ─▶ queued; else a stuck one ends as it stands ─▶ failed, or completed if only its preview is broken
--           ─── stop_run ─▶ stopped
--
-- Messages of others wait in the queue until then. A question holds its run by itself. A run that gets stuck while
-- somebody has its escalation already, or is called, waits for the same one again.
--
-- Not everything waits: a fault in our own code and a run that kills its workers end as `failed`, since going on would do
-- the same again. They are escalated too, and tried again with the answer.

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

-- A worker that sees no way on. The type of the error is the reason; `notice` tells the model of it, once it goes on.
create function public.raise_and_wait(run_id uuid, token bigint, error jsonb, notice text default null)
returns void language plpgsql security definer set search_path = '' as $$
declare
  run constant public.runs := baton.hold_chat_and_run(raise_and_wait.run_id, raise_and_wait.token);
  said baton.new_event;
begin
  perform baton.require_no_turn(run), baton.require_calls_ended(run);
  if notice is not null then
    said := baton.write_aside(run, 'notice', notice, jsonb_build_object('stopped', error ->> 'type'));
  end if;
  perform baton.append_events(array[baton.checkpoint_run(run), said]
    || baton.get_stuck(run, baton.source_of_failure(error ->> 'type'), raise_and_wait.error));
end
$$;
revoke all on function public.raise_and_wait(uuid, bigint, jsonb, text) from public, anon, authenticated, service_role;
grant execute on function public.raise_and_wait(uuid, bigint, jsonb, text) to service_role;

-- The chat and the run are held.
create function baton.get_stuck(run public.runs, source text, error jsonb)
returns baton.new_event[] language plpgsql set search_path = '' as $$
begin
  update public.runs r
  set state = 'waiting', reason = 'escalated', error = get_stuck.error, ended_at = null, lease_expires_at = null, worker = null
  where r.id = run.id returning r.* into run;
  return baton.run_event(run) || baton.call_for_help(run, source, error);
end
$$;

-- By the run itself: the living escalation of its chat holds it again, or there is a new one.
create function baton.call_for_help(run public.runs, source text, error jsonb)
returns baton.new_event[] language plpgsql set search_path = '' as $$
declare
  said constant text := baton.sentence_of(error);
  e public.escalations;
begin
  update public.escalations x set holds_run = true, run_id = run.id, news_at = clock_timestamp()
  where x.chat_id = run.chat_id and x.state in ('open', 'claimed') returning x.* into e;
  if not found then return baton.raise_by_run(run, source, error); end if;
  return array[baton.escalation_event(e), baton.record(e, 'raised', null, jsonb_build_object('source', source, 'note', said))]
    || baton.tell(array[
      row(e.claimed_by, e.id, e.team_id, 'escalation.raised', 'The run is stuck again', said)::baton.telling]);
end
$$;

create function baton.raise_by_run(run public.runs, source text, error jsonb)
returns baton.new_event[] language plpgsql set search_path = '' as $$
begin
  return baton.raise_escalation(run.chat_id, source, baton.sentence_of(error), note => error ->> 'cause',
    facts => jsonb_build_object('reason', error ->> 'type', 'error', error), run_id => run.id);
end
$$;

create function baton.sentence_of(error jsonb)
returns text language sql immutable set search_path = '' as $$
  select coalesce(nullif(baton.one_line(error ->> 'message'), ''), 'The run cannot go on.')
$$;

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

-- Why a run asks for help by itself. Null: a person ended it.
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
  return baton.raise_by_run(run, source, jsonb_build_object('type', raise_failure.reason,
    'message', 'The run failed: ' || raise_failure.reason || '.') || coalesce(error, '{}'));
end
$$;

-- The chat and the run are held, and `e` is how it was before it ended as `ending`. `note` is said in the conversation.
create function baton.let_run_go_on(e public.escalations, ending text, author uuid, note text)
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
  if ending = 'cancelled' and run.error is not null and not baton.message_waits(run.chat_id) then
    return array[baton.end_stuck_run(run)];
  end if;
  return events || baton.resume_run(run);
end
$$;

create function baton.message_waits(chat_id uuid)
returns boolean language sql stable set search_path = '' as $$
  select exists (select from public.messages m where m.chat_id = message_waits.chat_id and m.state = 'queued')
$$;

-- Nobody comes, and by itself it cannot go on. One whose preview could not be mended has done its work.
create function baton.end_stuck_run(run public.runs)
returns baton.new_event language plpgsql set search_path = '' as $$
begin
  if run.error ->> 'type' = 'mending' then return baton.end_run(run.id, 'completed', 'end_turn'); end if;
  return baton.end_run(run.id, 'failed', run.error ->> 'type', run.error);
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
