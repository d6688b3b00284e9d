-- Runs: an agent at work on one chat, from the message that started it until it has nothing left to do.
--
--            claim_run                    finish_run
--   queued ────────────▶ running ───────────────────────────▶ completed | failed
--     ▲  ▲                │   │  ▲ lease expired: claim_run
--     │  └─── hand_over ──┘   │  └── (same state, next token)
--     │                       │ wait_for_person, raise_and_wait
--     └── answer_question ─ waiting          stop_run: any of the three on the left ▶ stopped
--     └── retry_run ─ failed | stopped | waiting with an error (held_runs.sql)
--
-- Queued, running and waiting are alive, and a chat has at most one run that is. While it is alive, messages wait in the
-- queue of the chat; a run takes them at its next step, and one that ends leaves them to the next.
--
-- A claim is a lease. It lasts seconds, its holder extends it, and each claim counts `lease_token` up. Whatever a worker
-- writes names the run and the token, and goes through `hold_run` or `share_run`, which find the row only while the run
-- is running under that token. A worker that was frozen, cut off or stopped is thus refused with BT020 and has changed
-- nothing. An expired lease is no error: until someone else claims the run, its holder may still write and extend.
--
-- `attempts` counts the claims since a step last ended (a turn that closed, a call that was answered), which is what
-- tells a run that is slow from one that kills its workers: the first is never swept, the second waits a little longer
-- after each death, and is given up after five claims and ten minutes without a step.
--
-- The order of locks goes on from the one of the log:
--
--   teams → profiles → invitations → mails → chats → runs → turns, entries, calls, questions → projects → trees → topics
--
-- * A chat is held (`for no key update`) by whatever takes a number in it, starts a run in it or ends one, and by
--   everything that touches the queue of its messages. So "is a run alive?" and "is a message waiting?" are one question.
-- * A run is held alone (`for no key update`) by transitions of the run and of its turns, and shared (`for share`) by what
--   happens inside a turn: appending, closing a block, starting and finishing calls. Ten calls that finish at once do not
--   wait for each other here, while a stop or a claim waits for them and they for it. Nobody who shares holds alone
--   later in the same transaction, which would be a deadlock of two.
-- * The rows inside a run are only touched by who holds or shares it; a single call is held by who ends it, since people
--   cancel calls too.
-- * Projects (their name) and trees (their files) are changed by tools, which already share a run: hence after runs.
-- * A claim looks for its run without a lock, takes the chat, then the run with `skip locked`: of two workers that were
--   woken for one run the second finds it leased.
-- `cost_usd` is what is known to have been spent; `cost_is_partial` says that something was also spent at a price that is
-- not known.
create table public.runs (
  id uuid primary key default gen_random_uuid(),
  chat_id uuid not null references public.chats on delete cascade,
  project_id uuid not null,
  team_id uuid not null,
  title text not null,
  state text not null default 'queued'
    check (state in ('queued', 'running', 'waiting', 'completed', 'failed', 'stopped')),
  reason text,
  error jsonb,
  available_at timestamptz not null default clock_timestamp(),
  lease_token bigint not null default 0,
  lease_expires_at timestamptz,
  worker text,
  claimed_at timestamptz,
  attempts integer not null default 0,
  model_faults integer not null default 0,
  fault jsonb,
  input_tokens bigint not null default 0,
  output_tokens bigint not null default 0,
  cost_usd numeric(14, 6) not null default 0,
  cost_is_partial boolean not null default false,
  created_by uuid,
  created_at timestamptz not null default clock_timestamp(),
  started_at timestamptz,
  ended_at timestamptz,
  check ((state = 'running') = (lease_expires_at is not null)),
  check ((state in ('completed', 'failed', 'stopped')) = (ended_at is not null))
);
create unique index one_living_run_of_a_chat on public.runs (chat_id) where state in ('queued', 'running', 'waiting');
create index runs_of_a_chat on public.runs (chat_id, created_at);
create index runs_of_a_project on public.runs (project_id, created_at);
create index runs_of_a_team on public.runs (team_id, created_at);

-- The steps of a workflow. Now each run has one.
create table public.stages (
  id uuid primary key default gen_random_uuid(),
  run_id uuid not null references public.runs on delete cascade,
  project_id uuid not null,
  position integer not null,
  name text not null,
  role text not null,
  model text,
  state text not null default 'queued' check (state in ('queued', 'running', 'completed', 'failed', 'stopped')),
  error jsonb,
  input_tokens bigint not null default 0,
  output_tokens bigint not null default 0,
  cost_usd numeric(14, 6) not null default 0,
  cost_is_partial boolean not null default false,
  started_at timestamptz,
  ended_at timestamptz,
  unique (run_id, position)
);

alter table public.runs enable row level security;
alter table public.stages enable row level security;
revoke all on public.runs, public.stages from public, anon, authenticated, service_role;
grant select on public.runs, public.stages to authenticated, service_role;

create policy "members read the runs of their projects" on public.runs
for select to authenticated using (project_id in (select baton.my_projects()));
create policy "members read the stages of their projects" on public.stages
for select to authenticated using (project_id in (select baton.my_projects()));

create function baton.stage_json(stage public.stages)
returns jsonb language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object('id', stage.id, 'position', stage.position, 'name', stage.name, 'role', stage.role,
    'model', stage.model,
    'state', stage.state, 'error', stage.error, 'input_tokens', stage.input_tokens,
    'output_tokens', stage.output_tokens, 'cost_usd', stage.cost_usd,
    'cost_is_partial', stage.cost_is_partial, 'started_at', baton.instant(stage.started_at), 'ended_at', baton.instant(stage.ended_at));
end
$$;

create function baton.run_json(run public.runs)
returns jsonb language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object('id', run.id, 'chat_id', run.chat_id, 'project_id', run.project_id, 'team_id', run.team_id,
    'title', run.title,
    'state', run.state, 'reason', run.reason, 'error', run.error, 'attempts', run.attempts, 'fault', run.fault,
    'model_faults', run.model_faults, 'input_tokens', run.input_tokens, 'output_tokens', run.output_tokens,
    'cost_usd', run.cost_usd, 'cost_is_partial', run.cost_is_partial, 'created_by', run.created_by, 'created_at', baton.instant(run.created_at),
    'started_at', baton.instant(run.started_at), 'ended_at', baton.instant(run.ended_at),
    'stages', array(select baton.stage_json(s) from public.stages s where s.run_id = run.id order by s.position));
end
$$;

create function baton.run_event(run public.runs)
returns baton.new_event language plpgsql stable set search_path = '' as $$
begin
  return row('project:' || run.project_id, 'run.changed', baton.run_json(run))::baton.new_event;
end
$$;

-- Both without a search path of their own, so that the planner sees through them to the index of living runs.
create function baton.patience(attempts integer)
returns interval language sql immutable as $$
  select make_interval(secs => least(60, 5 * greatest(attempts - 3, 0)))
$$;
create function baton.run_is_due(run public.runs)
returns boolean language sql stable as $$
  select run.state in ('queued', 'running', 'waiting') and case run.state
    when 'queued' then run.available_at <= now()
    when 'running' then run.lease_expires_at + baton.patience(run.attempts) <= now()
    else false
  end
$$;

-- What a worker needs to begin, or null when there is nothing to claim. Without a run it takes one that is due.
create function public.claim_run(run_id uuid, worker text, lease_seconds integer default 15)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  candidate uuid;
  claimed jsonb;
begin
  if claim_run.run_id is not null then return baton.try_claim(claim_run.run_id, worker, lease_seconds); end if;
  for candidate in
    select r.id from public.runs r where baton.run_is_due(r) order by r.available_at limit 5
  loop
    claimed := baton.try_claim(candidate, worker, lease_seconds);
    exit when claimed is not null;
  end loop;
  return claimed;
end
$$;

create function public.extend_lease(run_id uuid, token bigint, lease_seconds integer default 15)
returns text language plpgsql security definer set search_path = '' as $$
declare
  expires_at timestamptz;
begin
  update public.runs r set lease_expires_at = baton.lease_until(lease_seconds)
  where r.id = extend_lease.run_id and r.lease_token = extend_lease.token and r.state = 'running'
  returning r.lease_expires_at into expires_at;
  if not found then perform baton.refuse_lease(extend_lease.run_id, extend_lease.token); end if;
  return baton.instant(expires_at);
end
$$;

-- A fault of the model that will be tried again, for everyone to see. Answers how many there were in a row.
create function public.note_fault(run_id uuid, token bigint, error jsonb, retry_at timestamptz default null)
returns integer language plpgsql security definer set search_path = '' as $$
declare
  run public.runs := baton.hold_run(note_fault.run_id, note_fault.token);
begin
  update public.runs r
  set model_faults = r.model_faults + 1,
      fault = jsonb_build_object('error', note_fault.error, 'retry_at', baton.instant(note_fault.retry_at))
  where r.id = run.id returning r.* into run;
  perform baton.append_events(array[baton.run_event(run)]);
  return run.model_faults;
end
$$;

-- Gives the run to whoever comes next, at once or when it is time. What was under way is settled as if it had crashed;
-- `reason` says why it did not end: `out_of_time` when the model took longer than a worker lives.
create function public.hand_over(
  run_id uuid, token bigint, not_before timestamptz default null, reason text default 'interrupted'
)
returns void language plpgsql security definer set search_path = '' as $$
declare
  run public.runs := baton.hold_chat_and_run(hand_over.run_id, hand_over.token);
  events baton.new_event[] := baton.settle_run(run, hand_over.reason);
begin
  update public.runs r
  set state = 'queued', lease_expires_at = null, worker = null,
      available_at = greatest(coalesce(hand_over.not_before, '-infinity'), clock_timestamp())
  where r.id = run.id returning r.* into run;
  if not_before is null or not_before <= clock_timestamp() then perform baton.wake_agent(run.id); end if;
  perform baton.append_events(events || baton.run_event(run));
end
$$;

-- False when every question was answered meanwhile, and no escalation holds the run: then the worker goes on.
create function public.wait_for_person(run_id uuid, token bigint)
returns boolean language plpgsql security definer set search_path = '' as $$
declare
  run public.runs := baton.hold_run(wait_for_person.run_id, wait_for_person.token);
  made baton.new_event;
begin
  if not exists (select from public.questions q where q.run_id = run.id and q.state = 'open')
    and not baton.run_is_held(run.id) then return false; end if;
  perform baton.require_no_turn(run), baton.require_calls_ended(run, true);
  made := baton.checkpoint_run(run);
  update public.runs r set state = 'waiting', lease_expires_at = null, worker = null,
    reason = case when baton.run_is_held(run.id) then 'escalated' end
  where r.id = run.id returning r.* into run;
  perform baton.append_events(array[made, baton.run_event(run)]);
  return true;
end
$$;

-- Messages that came too late for this run start the next one, in the same transaction: a person who writes while a run
-- ends is never left without an answer. After a failure they stay queued, for whoever tries again.
create function public.finish_run(run_id uuid, token bigint, state text, reason text, error jsonb default null)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  run public.runs := baton.hold_chat_and_run(finish_run.run_id, finish_run.token);
  next_run_id uuid;
  events baton.new_event[];
begin
  if finish_run.state = 'completed' then
    perform baton.require_no_turn(run), baton.require_calls_ended(run);
    events := array[baton.checkpoint_run(run)];
  else
    events := baton.cancel_run(run, finish_run.reason, 'The run failed before this call ended.');
  end if;
  events := events || baton.end_run(run.id, finish_run.state, finish_run.reason, finish_run.error);
  if finish_run.state = 'failed' then
    select r.* into run from public.runs r where r.id = run.id;
    events := events || baton.raise_failure(run, finish_run.reason, finish_run.error);
  end if;
  if finish_run.state = 'completed' then
    events := events || baton.drop_hold(run.id)
      || baton.start_run_if_messages_wait(run.chat_id, run.project_id);
    events := events || baton.mend_after_run(run.id);
    next_run_id := (select r.id from public.runs r where r.chat_id = run.chat_id and r.state = 'queued');
  end if;
  perform baton.append_events(events);
  return jsonb_build_object('state', finish_run.state, 'next_run_id', next_run_id);
end
$$;

revoke all on function
  public.claim_run(uuid, text, integer), public.extend_lease(uuid, bigint, integer),
  public.note_fault(uuid, bigint, jsonb, timestamptz), public.hand_over(uuid, bigint, timestamptz, text),
  public.wait_for_person(uuid, bigint), public.finish_run(uuid, bigint, text, text, jsonb)
from public, anon, authenticated, service_role;
grant execute on function
  public.claim_run(uuid, text, integer), public.extend_lease(uuid, bigint, integer),
  public.note_fault(uuid, bigint, jsonb, timestamptz), public.hand_over(uuid, bigint, timestamptz, text),
  public.wait_for_person(uuid, bigint), public.finish_run(uuid, bigint, text, text, jsonb)
to service_role;

-- At any moment, by anyone of the team. The worker learns it at its next write; what it had under way is settled here.
-- A run that has ended stays as it is.
create function public.stop_run(run_id uuid)
returns void language plpgsql security definer set search_path = '' as $$
declare
  run public.runs := baton.hold_run_of_caller(stop_run.run_id);
  events baton.new_event[];
begin
  if run.state not in ('queued', 'running', 'waiting') then return; end if;
  events := baton.cancel_run(run, 'stopped', 'A person stopped the run before this call ended.');
  perform baton.append_events(events || baton.end_run(run.id, 'stopped', 'stopped') || baton.touch_claims(run.project_id));
end
$$;

-- Goes on from the last good turn. The history must then end with something that is not the model's own text.
create function public.retry_run(run_id uuid)
returns void language plpgsql security definer set search_path = '' as $$
declare
  run public.runs := baton.hold_run_of_caller(retry_run.run_id);
  events baton.new_event[];
begin
  perform baton.project_to_change(run.project_id);
  perform baton.require_last_run(run);
  events := baton.requeue_run(run) || baton.release_run(run.id) || baton.touch_claims(run.project_id);
  perform baton.append_events(events);
end
$$;

revoke all on function public.stop_run(uuid), public.retry_run(uuid) from public, anon, authenticated, service_role;
grant execute on function public.stop_run(uuid), public.retry_run(uuid) to authenticated;

create function baton.requeue_run(run public.runs)
returns baton.new_event[] language plpgsql set search_path = '' as $$
declare
  events baton.new_event[] := '{}';
begin
  update public.runs r
  set state = 'queued', reason = null, error = null, ended_at = null, attempts = 0, model_faults = 0, fault = null,
      claimed_at = null, available_at = clock_timestamp()
  where r.id = run.id returning r.* into run;
  update public.stages s set state = 'queued', error = null, ended_at = null
  where s.run_id = run.id and s.state in ('failed', 'stopped');
  if baton.history_ends_with(run.chat_id) in ('text', 'thinking', 'redacted_thinking') then
    events := array[baton.write_aside(run, 'notice', baton.notice_of_a_cut())];
  end if;
  perform baton.wake_agent(run.id);
  return events || baton.run_event(run);
end
$$;

create function baton.share_run(run_id uuid, token bigint)
returns public.runs language plpgsql set search_path = '' as $$
declare
  run public.runs;
begin
  select r.* into run from public.runs r
  where r.id = share_run.run_id and r.lease_token = share_run.token and r.state = 'running' for share;
  if not found then perform baton.refuse_lease(share_run.run_id, share_run.token); end if;
  return run;
end
$$;

create function baton.hold_run(run_id uuid, token bigint)
returns public.runs language plpgsql set search_path = '' as $$
declare
  run public.runs;
begin
  select r.* into run from public.runs r
  where r.id = hold_run.run_id and r.lease_token = hold_run.token and r.state = 'running' for no key update;
  if not found then perform baton.refuse_lease(hold_run.run_id, hold_run.token); end if;
  return run;
end
$$;

create function baton.hold_chat_and_run(run_id uuid, token bigint)
returns public.runs language plpgsql set search_path = '' as $$
begin
  perform from public.chats c
  where c.id = (select r.chat_id from public.runs r where r.id = hold_chat_and_run.run_id) for no key update;
  return baton.hold_run(hold_chat_and_run.run_id, hold_chat_and_run.token);
end
$$;

create function baton.hold_run_of_caller(run_id uuid)
returns public.runs language plpgsql set search_path = '' as $$
declare
  run public.runs;
begin
  perform baton.hold_chat((select r.chat_id from public.runs r where r.id = hold_run_of_caller.run_id));
  select r.* into run from public.runs r where r.id = hold_run_of_caller.run_id for no key update;
  return run;
end
$$;

create function baton.refuse_lease(run_id uuid, token bigint)
returns void language plpgsql stable set search_path = '' as $$
begin
  perform baton.refuse('BT020', 'This worker does not hold the run any more.', 'Stop working on it.',
    coalesce((
      select jsonb_build_object('run_id', r.id, 'state', r.state, 'token', refuse_lease.token, 'lease_token', r.lease_token)
      from public.runs r where r.id = refuse_lease.run_id
    ), '{}'));
end
$$;

create function baton.lease_until(lease_seconds integer)
returns timestamptz language plpgsql volatile set search_path = '' as $$
begin
  return clock_timestamp() + make_interval(secs => least(greatest(lease_seconds, 1), 600));
end
$$;

create function baton.try_claim(run_id uuid, worker text, lease_seconds integer)
returns jsonb language plpgsql set search_path = '' as $$
declare
  run public.runs;
  changed baton.new_event;
  events baton.new_event[];
begin
  perform from public.chats c
  where c.id = (select r.chat_id from public.runs r where r.id = try_claim.run_id and baton.run_is_due(r))
  for no key update;
  if not found then return null; end if;
  select r.* into run from public.runs r
  where r.id = try_claim.run_id and baton.run_is_due(r) for no key update skip locked;
  if not found then return null; end if;

  events := baton.settle_run(run);
  update public.runs r
  set state = 'running', lease_token = r.lease_token + 1, lease_expires_at = baton.lease_until(lease_seconds),
      worker = try_claim.worker, attempts = case when baton.has_moved(run) then 1 else r.attempts + 1 end,
      claimed_at = clock_timestamp(), started_at = coalesce(r.started_at, clock_timestamp())
  where r.id = run.id returning r.* into run;
  update public.stages s set state = 'running', started_at = coalesce(s.started_at, clock_timestamp())
  where s.id = baton.stage_of(run.id) and s.state = 'queued';
  changed := baton.run_event(run);
  perform baton.append_events(events || changed);
  return baton.claim_json(run) || jsonb_build_object('run', changed.payload);
end
$$;

create function baton.claim_json(run public.runs)
returns jsonb language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object('token', run.lease_token, 'lease_expires_at', baton.instant(run.lease_expires_at),
    'stage', (select baton.stage_json(s) from public.stages s where s.id = baton.stage_of(run.id)),
    'chat', (select baton.chat_json(c) from public.chats c where c.id = run.chat_id),
    'project', (select baton.project_json(p) from public.projects p where p.id = run.project_id),
    'plan', coalesce((select p.items from public.plans p where p.chat_id = run.chat_id), '[]'));
end
$$;

-- The stage that is going on: the first that has not ended.
create function baton.stage_of(run_id uuid)
returns uuid language plpgsql stable set search_path = '' as $$
begin
  return (
    select s.id from public.stages s where s.run_id = stage_of.run_id and s.ended_at is null order by s.position limit 1
  );
end
$$;

-- Whether a step has ended since the last claim.
create function baton.has_moved(run public.runs)
returns boolean language plpgsql stable set search_path = '' as $$
begin
  return run.claimed_at is null or coalesce(baton.moved_at(run) > run.claimed_at, false);
end
$$;
create function baton.moved_at(run public.runs)
returns timestamptz language plpgsql stable set search_path = '' as $$
begin
  return greatest(
    (select max(t.ended_at) from public.turns t
      where t.run_id = run.id and t.state = 'closed' and coalesce(t.error ->> 'type', 'out_of_time') = 'out_of_time'),
    (select max(c.ended_at) from public.tool_calls c where c.run_id = run.id and c.state in ('complete', 'error'))
  );
end
$$;

-- Brings what a worker left under way to where the next can go on. The chat and the run are held.
create function baton.settle_run(run public.runs, reason text default 'interrupted')
returns baton.new_event[] language plpgsql set search_path = '' as $$
begin
  return baton.end_streaming_turn(run, reason, true) || baton.requeue_calls(run);
end
$$;

-- The same for a run that will not go on: its calls and questions end with it.
create function baton.cancel_run(run public.runs, reason text, result text)
returns baton.new_event[] language plpgsql set search_path = '' as $$
begin
  return baton.end_streaming_turn(run, reason, false) || baton.dismiss_questions(run) || baton.cancel_calls(run, result)
    || baton.checkpoint_run(run);
end
$$;

create function baton.end_run(run_id uuid, state text, reason text, error jsonb default null)
returns baton.new_event language plpgsql set search_path = '' as $$
declare
  run public.runs;
begin
  update public.runs r
  set state = end_run.state, reason = end_run.reason,
      error = case when end_run.state <> 'completed' then coalesce(end_run.error, r.error) end, ended_at = clock_timestamp(),
      lease_token = r.lease_token + 1, lease_expires_at = null, worker = null,
      fault = case when end_run.state = 'failed' then r.fault end
  where r.id = end_run.run_id returning r.* into run;
  update public.stages s set state = end_run.state, error = end_run.error, ended_at = clock_timestamp()
  where s.run_id = run.id and s.ended_at is null;
  return baton.run_event(run);
end
$$;

-- The chat is held, and no run of it is alive.
create function baton.start_run(chat_id uuid, project_id uuid, message text, created_by uuid)
returns public.runs language plpgsql set search_path = '' as $$
declare
  title constant text := baton.trimmed(left(regexp_replace(start_run.message, '[\s\u0001-\u001f]+', ' ', 'g'), 80));
  run public.runs;
begin
  insert into public.runs (chat_id, project_id, team_id, title, created_by)
  select start_run.chat_id, p.id, p.team_id, coalesce(nullif(title, ''), 'Attachments'), start_run.created_by
  from public.projects p where p.id = start_run.project_id
  returning * into run;
  insert into public.stages (run_id, project_id, position, name, role)
  values (run.id, run.project_id, 1, 'build', 'developer');
  perform baton.wake_agent(run.id);
  return run;
end
$$;

create function baton.wake_agent(run_id uuid)
returns void language plpgsql set search_path = '' as $$
begin
  perform public.wake('agent', jsonb_build_object('run_id', run_id));
end
$$;

create function baton.require_last_run(run public.runs)
returns void language plpgsql set search_path = '' as $$
begin
  if (run.state in ('failed', 'stopped') or run.state = 'waiting' and run.error is not null)
    and baton.is_last_run(run) then return; end if;
  perform baton.refuse('BT029', 'Only the last run of a chat can be tried again, after it failed, got stuck or was stopped.',
    'Send a message instead.', jsonb_build_object('state', run.state));
end
$$;

create function baton.is_last_run(run public.runs)
returns boolean language plpgsql stable set search_path = '' as $$
begin
  return not exists (
    select from public.runs later where later.chat_id = run.chat_id and later.created_at > run.created_at);
end
$$;

create function baton.require_no_turn(run public.runs)
returns void language plpgsql set search_path = '' as $$
begin
  if not exists (select from public.turns t where t.run_id = run.id and t.state = 'streaming') then return; end if;
  perform baton.refuse('BT023', 'A turn of this run is still open.', 'Close it first.');
end
$$;

create function baton.require_calls_ended(run public.runs, but_those_that_ask boolean default false)
returns void language plpgsql set search_path = '' as $$
begin
  if not exists (
    select from public.tool_calls c
    where c.run_id = run.id and c.state in ('pending', 'queued', 'running') and not (but_those_that_ask and exists (
      select from public.questions q where q.tool_call_id = c.id and q.state = 'open'
    ))
  ) then return; end if;
  perform baton.refuse('BT023', 'Tool calls of this run have not ended.', 'Wait for them first.');
end
$$;

-- The last turn that wrote files ends in a checkpoint, when the next step begins.
create function baton.checkpoint_run(run public.runs)
returns baton.new_event language plpgsql set search_path = '' as $$
declare
  written record;
  made jsonb;
begin
  select o.version, o.turn_id into written
  from public.file_operations o where o.run_id = run.id order by o.version desc limit 1;
  if not found or exists (
    select from public.checkpoints c where c.project_id = run.project_id and c.version >= written.version
  ) then return null; end if;
  perform baton.lock_tree(run.project_id);
  made := baton.make_checkpoint(run.project_id, run.title, null, null, run.chat_id, run.id, written.turn_id);
  if made is null then return null; end if;
  return row('project:' || run.project_id, 'checkpoint.made', made)::baton.new_event;
end
$$;

-- Run by `tick`: wakes a worker for what nobody took, and gives up what kills its workers. It waits for nobody who holds
-- a chat or a run, and appends the events of all together.
create function baton.sweep_runs()
returns baton.swept language plpgsql set search_path = '' as $$
declare
  due public.runs;
  given_up bigint := 0;
  events baton.new_event[] := '{}';
begin
  for due in
    select r.* from public.runs r
    where baton.run_is_due(r) and (r.state = 'running' or r.available_at < now() - interval '2 seconds')
    order by r.available_at limit 20
  loop
    if not baton.is_dead(due) then
      perform baton.wake_agent(due.id);
    elsif baton.hold_if_free(due) then
      given_up := given_up + 1;
      events := events || baton.give_up(due);
    end if;
  end loop;
  return row(given_up, events);
end
$$;

create function baton.is_dead(run public.runs)
returns boolean language plpgsql stable set search_path = '' as $$
begin
  return run.attempts >= 5 and greatest(baton.moved_at(run), run.available_at) < now() - interval '10 minutes';
end
$$;

create function baton.hold_if_free(run public.runs)
returns boolean language plpgsql set search_path = '' as $$
begin
  perform from public.chats c where c.id = run.chat_id for no key update skip locked;
  if not found then return false; end if;
  perform from public.runs r
  where r.id = run.id and r.lease_token = run.lease_token and baton.run_is_due(r) for no key update skip locked;
  return found;
end
$$;

create function baton.give_up(run public.runs)
returns baton.new_event[] language plpgsql set search_path = '' as $$
declare
  error constant jsonb := jsonb_build_object('type', 'dead', 'last_worker', run.worker, 'message',
    format('%s workers took this run, one after the other, and none of them ended a step.', run.attempts));
begin
  return baton.cancel_run(run, 'dead', 'The run was given up before this call ended.')
    || baton.end_run(run.id, 'failed', 'dead', error) || baton.raise_failure(run, 'dead', error);
end
$$;
