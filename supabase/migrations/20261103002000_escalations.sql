-- Escalations: work that is stuck, and who takes it.
--
--                 claim                resolve_escalation ─▶ resolved
--     open ──────────────────▶ claimed ─ return_escalation ─▶ returned
--      ▲  ◀─ release, lapse ──    │ reassign_escalation: claimed, by another
--      └─ escalate                └─ cancel_escalation, also from open ─▶ cancelled
--
-- A chat has at most one that is open or claimed: raising again gives that one. A returned one is at its end; who is stuck
-- again raises anew.
--
-- The claim is one guarded update: `set state = 'claimed' where id = … and state = 'open'`. Of any number of people who
-- press at once, one finds the row open and locks it; the others wait for that transaction, see the row as it left it,
-- and change nothing. Turned down: reading the state and then writing it (two read `open`; bench/escalations.ts shows
-- them both win), `for update skip locked` (the losers could not be told who won), advisory locks (not seen in the row),
-- serializable isolation (losers get an error that says nothing).
--
-- A refused claim is a fact that everyone may see: it is written into the history and told to the loser's own windows.
-- So it must commit. Through the data API the function therefore does not raise: it sets the status of the response to
-- 409 and answers the body that an error would have, which PostgREST commits. Called in plain SQL, where there is no
-- response, it raises PT409 and the transaction of the caller decides.
--
-- Nobody waits for a loser. To find the row closed, an update locks it, and the lock would stay until the loser commits,
-- which is after its answer went to whoever speaks to the database and back: fifty people would go through that one by
-- one. So a loser undoes its update, and tells of the refusal only while it commits, by a deferred trigger: the counter of
-- the team's topic too is then held by each for as long as a commit takes.
--
-- The order of locks goes on from the one of the runs:
--
--   teams → … → chats → runs → turns, entries, calls, questions → projects → trees → … → assessments → escalations
--         → memberships → notifications (by person, then by group) → topics
--
-- * Who ends an escalation lets its run go on, so takes the chat, then the run, then the escalation. Who claims or
--   releases takes the escalation alone: fifty claims never wait for the agent.
-- * An agent raises while it shares its run, without the chat; the unique index decides between two who raise at once.
-- * Activity of the holder is noted by whatever they do, under chats, runs or trees, and skips a row that is locked.
-- * `tick` takes all of these with `skip locked`, so waits for none.
create type public.confidence as enum ('low', 'medium', 'high');

create table public.escalations (
  id uuid primary key default gen_random_uuid(),
  team_id uuid not null references public.teams on delete cascade,
  project_id uuid not null,
  chat_id uuid not null references public.chats on delete cascade,
  run_id uuid,
  question_id uuid,
  state text not null default 'open' check (state in ('open', 'claimed', 'resolved', 'returned', 'cancelled')),
  source text not null check (source in
    ('person', 'agent', 'loop', 'fault', 'mending', 'question', 'blocker', 'budget', 'approval')),
  priority text not null default 'normal' check (priority in ('low', 'normal', 'high', 'urgent')),
  reason text not null check (char_length(reason) between 1 and 300),
  note text check (char_length(note) <= 10000),
  raised_by uuid,
  for_user uuid,
  raised_at timestamptz not null default clock_timestamp(),
  opened_at timestamptz not null default clock_timestamp(),
  news_at timestamptz not null default clock_timestamp(),
  claimed_by uuid,
  claimed_at timestamptz,
  first_claimed_at timestamptz,
  touched_at timestamptz,
  reminds_at timestamptz,
  reminded_at timestamptz,
  lapses_at timestamptz,
  holds_run boolean not null default false,
  level integer not null default 0,
  next_level_at timestamptz,
  claims integer not null default 0,
  lapses integer not null default 0,
  closed_at timestamptz,
  closed_by uuid,
  closing_note text check (char_length(closing_note) <= 10000),
  cause text check (char_length(cause) between 1 and 80),
  cause_key text collate "C" generated always as (lower(cause)) stored,
  assessment_was_right boolean,
  assessment_confidence public.confidence,
  seconds_to_claim integer generated always as (extract(epoch from first_claimed_at - raised_at)::integer) stored,
  seconds_to_close integer generated always as (extract(epoch from closed_at - raised_at)::integer) stored,
  check ((state in ('open', 'claimed')) = (closed_at is null)),
  check ((state = 'claimed') = (lapses_at is not null)),
  check (state <> 'open' or claimed_by is null),
  check (state not in ('claimed', 'resolved', 'returned') or claimed_by is not null),
  check ((claimed_by is null) = (claimed_at is null))
);
create unique index one_living_escalation_of_a_chat on public.escalations (chat_id) where state in ('open', 'claimed');
create index escalations_of_a_chat on public.escalations (chat_id, raised_at);
create index living_escalations_of_a_team on public.escalations (team_id, raised_at) where state in ('open', 'claimed');
create index closed_escalations_of_a_team on public.escalations (team_id, closed_at desc) where closed_at is not null;
create index escalations_that_climb on public.escalations (next_level_at) where state = 'open' and next_level_at is not null;
create index claimed_escalations on public.escalations (lapses_at) where state = 'claimed';
create index escalations_of_a_question on public.escalations (question_id) where question_id is not null;
create index runs_that_are_held on public.escalations (run_id) where holds_run;

-- Who held it, from when to when, and how that ended.
create table public.claims (
  id bigint generated always as identity primary key,
  escalation_id uuid not null references public.escalations on delete cascade,
  team_id uuid not null,
  user_id uuid not null,
  claimed_at timestamptz not null,
  ended_at timestamptz,
  ending text check (ending in ('released', 'lapsed', 'reassigned', 'returned', 'resolved', 'cancelled')),
  check ((ended_at is null) = (ending is null))
);
create unique index one_claim_at_a_time on public.claims (escalation_id) where ended_at is null;
create index claims_of_an_escalation on public.claims (escalation_id);

create table public.escalation_events (
  id bigint generated always as identity primary key,
  escalation_id uuid not null references public.escalations on delete cascade,
  team_id uuid not null,
  kind text not null check (kind in ('raised', 'claimed', 'refused', 'released', 'reassigned', 'reminded', 'lapsed',
    'levelled', 'answered', 'returned', 'resolved', 'cancelled', 'assessed')),
  user_id uuid,
  data jsonb not null default '{}',
  at timestamptz not null default clock_timestamp()
);
create index events_of_an_escalation on public.escalation_events (escalation_id, id);

alter table public.escalations enable row level security;
alter table public.claims enable row level security;
alter table public.escalation_events enable row level security;
revoke all on public.escalations, public.claims, public.escalation_events
from public, anon, authenticated, service_role;
grant select on public.escalations, public.claims, public.escalation_events to authenticated, service_role;

create policy "members read the escalations of their teams" on public.escalations
for select to authenticated using (team_id in (select baton.my_teams()));
create policy "members read the claims of their teams" on public.claims
for select to authenticated using (team_id in (select baton.my_teams()));
create policy "members read the history of their teams' escalations" on public.escalation_events
for select to authenticated using (team_id in (select baton.my_teams()));

-- Null for nobody: an agent, or time.
create function baton.person_name(user_id uuid)
returns text language sql stable set search_path = '' as $$
  select case when user_id is not null then baton.name_of(user_id) end
$$;

create function baton.escalation_json(e public.escalations)
returns jsonb language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object('id', e.id, 'team_id', e.team_id, 'project_id', e.project_id,
    'project_name', (select p.name from public.projects p where p.id = e.project_id),
    'chat_id', e.chat_id, 'chat_title', (select c.title from public.chats c where c.id = e.chat_id),
    'run_id', e.run_id, 'state', e.state, 'source', e.source, 'priority', e.priority, 'reason', e.reason,
    'note', e.note, 'raised_by', e.raised_by, 'raised_by_name', baton.person_name(e.raised_by),
    'raised_at', baton.instant(e.raised_at), 'for_user', e.for_user, 'for_user_name', baton.person_name(e.for_user),
    'opened_at', baton.instant(e.opened_at), 'news_at', baton.instant(e.news_at))
  || jsonb_build_object('claimed_by', e.claimed_by, 'claimed_by_name', baton.person_name(e.claimed_by),
    'claimed_at', baton.instant(e.claimed_at), 'touched_at', baton.instant(e.touched_at),
    'reminded_at', baton.instant(e.reminded_at), 'lapses_at', baton.instant(e.lapses_at), 'holds_run', e.holds_run,
    'level', e.level, 'next_level_at', baton.instant(e.next_level_at), 'claims', e.claims, 'lapses', e.lapses,
    'refusals', (select count(*) from public.escalation_events h where h.escalation_id = e.id and h.kind = 'refused'))
  || jsonb_build_object('closed_at', baton.instant(e.closed_at), 'closed_by', e.closed_by,
    'closed_by_name', baton.person_name(e.closed_by), 'closing_note', e.closing_note, 'cause', e.cause,
    'assessment_was_right', e.assessment_was_right,
    'assessment', (select jsonb_build_object('state', a.state, 'confidence', a.confidence)
      from public.assessments a where a.escalation_id = e.id));
end
$$;

create function baton.escalation_event(e public.escalations)
returns baton.new_event language plpgsql stable set search_path = '' as $$
begin
  return row('team:' || e.team_id, 'escalation.changed', baton.escalation_json(e))::baton.new_event;
end
$$;

-- One line of the history, and the event that tells of it.
create function baton.record(e public.escalations, kind text, user_id uuid, data jsonb default '{}')
returns baton.new_event language plpgsql set search_path = '' as $$
declare
  line public.escalation_events;
begin
  insert into public.escalation_events (escalation_id, team_id, kind, user_id, data)
  values (e.id, e.team_id, record.kind, record.user_id, jsonb_strip_nulls(record.data)) returning * into line;
  return row('team:' || e.team_id, 'escalation.event', baton.history_json(line))::baton.new_event;
end
$$;

create function baton.history_json(line public.escalation_events)
returns jsonb language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object('id', line.id, 'escalation_id', line.escalation_id, 'kind', line.kind,
    'user_id', line.user_id, 'user_name', baton.person_name(line.user_id), 'data', line.data, 'at', baton.instant(line.at));
end
$$;

create function public.escalate(
  chat_id uuid, reason text, priority text default 'normal', note text default null
)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  chat constant public.chats := baton.hold_chat_to_change(escalate.chat_id);
  events baton.new_event[];
  e public.escalations;
begin
  perform baton.require_priority(priority), baton.require_note(note);
  events := baton.raise_escalation(chat.id, 'person', baton.valid_reason(reason), priority, note,
    raised_by => baton.caller());
  perform baton.append_events(events);
  select x.* into e from public.escalations x where x.chat_id = chat.id and x.state in ('open', 'claimed');
  return baton.escalation_json(e);
end
$$;

create function public.claim_escalation(escalation_id uuid)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  caller constant uuid := baton.caller();
  seen public.escalations := baton.escalation_of_caller(claim_escalation.escalation_id);
  mine public.escalations;
begin
  perform baton.require_senior(seen.team_id, 'senior');
  loop
    mine := baton.try_to_claim(seen, caller);
    if mine.id is not null then
      perform baton.append_events(baton.claimed(mine, 'claimed', caller, '{}'));
      return baton.escalation_json(mine);
    end if;
    select e.* into seen from public.escalations e where e.id = seen.id;
    exit when seen.state <> 'open';
  end loop;
  if seen.state = 'claimed' and seen.claimed_by = caller then return baton.escalation_json(seen); end if;
  return baton.refuse_claim(seen, caller);
end
$$;

create function public.release_escalation(escalation_id uuid)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  e public.escalations := baton.hold_escalation(release_escalation.escalation_id);
  holder constant uuid := e.claimed_by;
begin
  perform baton.require_state(e, 'claimed'), baton.require_holder(e);
  e := baton.reopen(e, 'released');
  perform baton.append_events(
    array[baton.record(e, 'released', baton.caller(), jsonb_build_object('from_id', holder,
      'from_name', baton.person_name(holder)))]
    || baton.read_by(e, baton.caller())
    || baton.climb(e, clock_timestamp(), 'released'));
  return baton.fresh_json(e.id);
end
$$;

create function public.reassign_escalation(escalation_id uuid, user_id uuid)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  caller constant uuid := baton.caller();
  e public.escalations := baton.hold_escalation(reassign_escalation.escalation_id);
  before constant public.escalations := e;
begin
  perform baton.require_state(e, 'open', 'claimed');
  if e.state = 'claimed' then perform baton.require_holder(e); else perform baton.require_senior(e.team_id, 'admin'); end if;
  perform baton.require_assignee(e, reassign_escalation.user_id);
  if e.claimed_by = reassign_escalation.user_id then return baton.escalation_json(e); end if;
  if e.state = 'claimed' then e := baton.reopen(e, 'reassigned'); end if;
  e := baton.take_claim(e, reassign_escalation.user_id);
  perform baton.append_events(baton.claimed(e, 'reassigned', caller, jsonb_build_object(
    'from_id', before.claimed_by, 'from_name', baton.person_name(before.claimed_by),
    'to_id', e.claimed_by, 'to_name', baton.person_name(e.claimed_by))));
  return baton.fresh_json(e.id);
end
$$;

create function public.return_escalation(escalation_id uuid, note text)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  e public.escalations := baton.hold_escalation_and_run(return_escalation.escalation_id);
begin
  perform baton.require_state(e, 'claimed'), baton.require_holder(e), baton.require_note(note);
  if note is null or note !~ '\S' then
    perform baton.refuse('BT004', 'A note is missing.', 'Say what to do next; it goes back with your note.', '{"field": "note"}');
  end if;
  return baton.close_escalation(e, 'returned', note);
end
$$;

create function public.resolve_escalation(
  escalation_id uuid, note text default null, cause text default null, assessment_was_right boolean default null
)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  e public.escalations := baton.hold_escalation_and_run(resolve_escalation.escalation_id);
begin
  perform baton.require_state(e, 'claimed'), baton.require_holder(e), baton.require_note(note);
  return baton.close_escalation(e, 'resolved', note,
    case when cause ~ '\S' then baton.valid_name(cause, 'cause') end, resolve_escalation.assessment_was_right);
end
$$;

create function public.cancel_escalation(escalation_id uuid)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  caller constant uuid := baton.caller();
  e public.escalations := baton.hold_escalation_and_run(cancel_escalation.escalation_id);
begin
  perform baton.require_state(e, 'open', 'claimed');
  if e.for_user is distinct from caller and e.claimed_by is distinct from caller then
    perform baton.require_senior(e.team_id, case e.state when 'open' then 'senior' else 'admin' end::public.team_role, e);
  end if;
  return baton.close_escalation(e, 'cancelled', null);
end
$$;

-- Whether the assessment was right, said later than at the resolution.
create function public.judge_assessment(escalation_id uuid, was_right boolean)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  e public.escalations := baton.hold_escalation(judge_assessment.escalation_id);
begin
  perform baton.require_state(e, 'resolved', 'returned');
  if e.claimed_by is distinct from baton.caller() then perform baton.require_senior(e.team_id, 'senior'); end if;
  update public.escalations x set assessment_was_right = judge_assessment.was_right where x.id = e.id returning x.* into e;
  perform baton.append_events(array[baton.escalation_event(e)]);
  return baton.escalation_json(e);
end
$$;

revoke all on function
  public.escalate(uuid, text, text, text), public.claim_escalation(uuid), public.release_escalation(uuid),
  public.reassign_escalation(uuid, uuid), public.return_escalation(uuid, text),
  public.resolve_escalation(uuid, text, text, boolean), public.cancel_escalation(uuid),
  public.judge_assessment(uuid, boolean)
from public, anon, authenticated, service_role;
grant execute on function
  public.escalate(uuid, text, text, text), public.claim_escalation(uuid), public.release_escalation(uuid),
  public.reassign_escalation(uuid, uuid), public.return_escalation(uuid, text),
  public.resolve_escalation(uuid, text, text, boolean), public.cancel_escalation(uuid),
  public.judge_assessment(uuid, boolean)
to authenticated;

-- The one place where an escalation begins. Whoever calls it holds the chat, or it is taken here. Answers the events for
-- the caller to append, none when one of this chat is open or claimed already.
create function baton.raise_escalation(
  chat_id uuid, source text, reason text, priority text default 'normal', note text default null,
  facts jsonb default '{}', run_id uuid default null, raised_by uuid default null
)
returns baton.new_event[] language plpgsql set search_path = '' as $$
declare
  chat public.chats;
  run public.runs;
begin
  select c.* into chat from public.chats c where c.id = raise_escalation.chat_id for no key update;
  if not found then return '{}'; end if;
  select r.* into run from public.runs r
  where r.chat_id = chat.id and r.id = coalesce(raise_escalation.run_id, r.id)
  order by r.created_at desc limit 1 for no key update;
  return baton.raise_for(chat, run, source, reason, priority, note, facts, raised_by);
end
$$;

create function baton.raise_for(
  chat public.chats, run public.runs, source text, reason text, priority text, note text, facts jsonb, raised_by uuid
)
returns baton.new_event[] language plpgsql set search_path = '' as $$
declare
  e public.escalations;
begin
  insert into public.escalations
    (team_id, project_id, chat_id, run_id, question_id, source, priority, reason, note, raised_by, for_user, holds_run)
  select p.team_id, p.id, chat.id, run.id, (facts ->> 'question_id')::uuid, raise_for.source, raise_for.priority,
    baton.shortened(baton.one_line(raise_for.reason), 300), nullif(left(baton.trimmed(raise_for.note), 10000), ''),
    raise_for.raised_by, coalesce(raise_for.raised_by, run.created_by, chat.created_by),
    run.id is not null and run.state <> 'completed' and raise_for.source <> 'question'
  from public.projects p where p.id = chat.project_id
  on conflict (chat_id) where state in ('open', 'claimed') do nothing
  returning * into e;
  if e.id is null then return '{}'; end if;
  insert into public.stuck_snapshots values (e.id, e.team_id, baton.stuck_snapshot(e, run, facts));
  insert into public.assessments (escalation_id, team_id) values (e.id, e.team_id);
  perform public.wake('assess', jsonb_build_object('escalation_id', e.id));
  return array[
    baton.pause_run(run, e),
    baton.record(e, 'raised', e.raised_by, jsonb_build_object('source', e.source, 'priority', e.priority, 'note', e.note))
  ] || baton.read_by(e, e.raised_by) || baton.climb(e, clock_timestamp(), 'raised');
end
$$;

-- Null when it was not open. The row is locked by this, or was before.
create function baton.take_claim(e public.escalations, claimant uuid)
returns public.escalations language plpgsql set search_path = '' as $$
declare
  moment constant timestamptz := clock_timestamp();
  ladder constant jsonb := baton.ladder_of(e.team_id);
  mine public.escalations;
begin
  update public.escalations x
  set state = 'claimed', claimed_by = claimant, claimed_at = moment, claims = x.claims + 1,
      first_claimed_at = coalesce(x.first_claimed_at, moment), touched_at = moment, reminded_at = null,
      reminds_at = moment + baton.minutes(ladder, 'remind_after_minutes'),
      lapses_at = moment + baton.minutes(ladder, 'lapse_after_minutes'), next_level_at = null
  where x.id = e.id and x.state = 'open' returning x.* into mine;
  if mine.id is null then return null; end if;
  insert into public.claims (escalation_id, team_id, user_id, claimed_at)
  values (mine.id, mine.team_id, claimant, moment);
  return mine;
end
$$;

-- Null, and the row is not locked by this, when it was not open.
create function baton.try_to_claim(e public.escalations, claimant uuid)
returns public.escalations language plpgsql set search_path = '' as $$
declare
  mine public.escalations;
begin
  mine := baton.take_claim(e, claimant);
  if mine.id is null then raise no_data_found; end if;
  return mine;
exception when no_data_found then
  return null;
end
$$;

create function baton.claimed(e public.escalations, kind text, by uuid, data jsonb)
returns baton.new_event[] language plpgsql set search_path = '' as $$
begin
  return array[baton.escalation_event(e), baton.record(e, claimed.kind, claimed.by, claimed.data)]
    || baton.read_by(e, e.claimed_by)
    || baton.clear_bells(e)
    || baton.tell(array(
      select row(told.id, e.id, e.team_id, 'escalation.' || claimed.kind,
        case when told.id = e.claimed_by then baton.person_name(claimed.by) || ' has given you an escalation'
          else baton.person_name(e.claimed_by) || ' has taken it over' end, e.reason)::baton.telling
      from (select unnest(array[e.raised_by, e.for_user, e.claimed_by]) as id) told where told.id <> claimed.by
    ));
end
$$;

-- Back in the queue. It is held.
create function baton.reopen(e public.escalations, ending text)
returns public.escalations language plpgsql set search_path = '' as $$
declare
  moment constant timestamptz := clock_timestamp();
begin
  update public.claims c set ended_at = moment, ending = reopen.ending
  where c.escalation_id = e.id and c.ended_at is null;
  update public.escalations x
  set state = 'open', claimed_by = null, claimed_at = null, touched_at = null, reminds_at = null, reminded_at = null,
      lapses_at = null, opened_at = moment, news_at = moment, level = 0,
      lapses = x.lapses + case when reopen.ending = 'lapsed' then 1 else 0 end
  where x.id = e.id returning x.* into e;
  return e;
end
$$;

-- The end. The chat, the run and the escalation are held, and the run goes on with the note.
create function baton.close_escalation(
  e public.escalations, state text, note text, cause text default null, was_right boolean default null
)
returns jsonb language plpgsql set search_path = '' as $$
declare
  caller constant uuid := baton.caller();
  moment constant timestamptz := clock_timestamp();
  before constant public.escalations := e;
  said constant text := nullif(baton.trimmed(note), '');
  on_its_way baton.new_event[];
begin
  update public.claims c set ended_at = moment, ending = close_escalation.state
  where c.escalation_id = e.id and c.ended_at is null;
  update public.escalations x
  set state = close_escalation.state, closed_at = moment, closed_by = caller, closing_note = said,
      cause = close_escalation.cause, assessment_was_right = was_right, touched_at = null, reminds_at = null,
      lapses_at = null, next_level_at = null, holds_run = false, news_at = moment
  where x.id = e.id returning x.* into e;
  on_its_way := baton.let_run_go_on(before, e.state, caller, said);
  perform baton.append_events(on_its_way || baton.escalation_event(e)
    || baton.record(e, close_escalation.state, caller,
      jsonb_build_object('note', said, 'cause', e.cause, 'assessment_was_right', was_right))
    || baton.read_by(e, caller) || baton.clear_bells(e) || baton.tell_of_the_end(e, before.claimed_by));
  return baton.escalation_json(e);
end
$$;

create function baton.tell_of_the_end(e public.escalations, holder uuid)
returns baton.new_event[] language plpgsql set search_path = '' as $$
declare
  who constant text := coalesce(baton.person_name(e.closed_by), 'Someone');
begin
  return baton.tell(array(
    select row(told.id, e.id, e.team_id, 'escalation.' || e.state,
      case e.state when 'resolved' then who || ' has resolved it' when 'returned' then who || ' has handed it back to you'
        else who || ' has withdrawn it' end,
      coalesce(e.closing_note, e.reason))::baton.telling
    from (select unnest(array[e.raised_by, e.for_user, holder]) as id) told where told.id <> e.closed_by
  ));
end
$$;

-- Committed through the data API, raised elsewhere: see above. The last that a claim does.
create function baton.refuse_claim(e public.escalations, loser uuid)
returns jsonb language plpgsql set search_path = '' as $$
declare
  conflict constant jsonb := baton.holder_json(e);
  message constant text := case e.state
    when 'claimed' then format('%s has claimed this already.', coalesce(baton.person_name(e.claimed_by), 'Someone'))
    else format('This escalation was %s already.', e.state) end;
  hint constant text := 'Go back to the queue.';
begin
  if coalesce(current_setting('request.method', true), '') = '' then
    perform baton.refuse('PT409', message, hint, conflict);
  end if;
  perform baton.record(e, 'refused', loser, conflict);
  perform set_config('response.status', '409', true);
  return conflict || jsonb_build_object('code', 'PT409', 'message', message, 'hint', hint, 'details', conflict::text);
end
$$;

-- In the history, and in every window of the loser.
create function baton.tell_refusal()
returns trigger language plpgsql security definer set search_path = '' as $$
begin
  perform baton.append_events(array[
    row('team:' || new.team_id, 'escalation.event', baton.history_json(new))::baton.new_event,
    row('user:' || new.user_id, 'escalation.refused',
      '{"claimed_by_id": null, "claimed_by_name": null, "claimed_at": null}' || new.data || jsonb_build_object(
        'id', new.escalation_id, 'at', baton.instant(new.at),
        'reason', (select e.reason from public.escalations e where e.id = new.escalation_id)))::baton.new_event
  ]);
  return null;
end
$$;
create constraint trigger "a refused claim is told when it is committed"
after insert on public.escalation_events deferrable initially deferred
for each row when (new.kind = 'refused') execute function baton.tell_refusal();

create function baton.holder_json(e public.escalations)
returns jsonb language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object('claimed_by_id', e.claimed_by, 'claimed_by_name', baton.person_name(e.claimed_by),
    'claimed_at', baton.instant(e.claimed_at), 'state', e.state);
end
$$;

create function baton.fresh_json(escalation_id uuid)
returns jsonb language plpgsql set search_path = '' as $$
begin
  return (select baton.escalation_json(e) from public.escalations e where e.id = fresh_json.escalation_id);
end
$$;

-- Without a lock: who may not see it does not lock it either.
create function baton.escalation_of_caller(escalation_id uuid)
returns public.escalations language plpgsql stable set search_path = '' as $$
declare
  caller constant uuid := baton.caller();
  e public.escalations;
begin
  select x.* into e from public.escalations x
  where x.id = escalation_of_caller.escalation_id and exists (
    select from public.memberships m where m.team_id = x.team_id and m.user_id = caller
  );
  if found then return e; end if;
  perform baton.refuse('BT003', 'There is no such escalation, or you may not see it.', 'Open the list again.');
end
$$;

create function baton.hold_escalation(escalation_id uuid)
returns public.escalations language plpgsql set search_path = '' as $$
declare
  e public.escalations := baton.escalation_of_caller(hold_escalation.escalation_id);
begin
  select x.* into e from public.escalations x where x.id = e.id for no key update;
  return e;
end
$$;

create function baton.hold_escalation_and_run(escalation_id uuid)
returns public.escalations language plpgsql set search_path = '' as $$
declare
  e constant public.escalations := baton.escalation_of_caller(hold_escalation_and_run.escalation_id);
begin
  perform from public.chats c where c.id = e.chat_id for no key update;
  perform from public.runs r
  where r.id = (select x.run_id from public.escalations x where x.id = e.id) for no key update;
  return baton.hold_escalation(e.id);
end
$$;

create function baton.require_state(e public.escalations, variadic states text[])
returns void language plpgsql stable set search_path = '' as $$
begin
  if e.state = any (states) then return; end if;
  perform baton.refuse('BT060',
    case e.state when 'open' then 'Nobody has claimed this escalation.'
      when 'claimed' then format('%s has claimed this escalation.', coalesce(baton.person_name(e.claimed_by), 'Someone'))
      else format('This escalation was %s already.', e.state) end,
    'Look at it again.', baton.holder_json(e));
end
$$;

create function baton.require_holder(e public.escalations)
returns void language plpgsql stable set search_path = '' as $$
declare
  role constant public.team_role := baton.role_in_team(e.team_id);
begin
  if e.claimed_by = baton.caller() or role >= 'admin' then return; end if;
  perform baton.refuse('BT002', format('%s has claimed this escalation.', coalesce(baton.person_name(e.claimed_by), 'Someone')),
    'Ask them, or an admin or owner of the team.',
    baton.holder_json(e) || jsonb_build_object('role', role, 'needs', 'holder'));
end
$$;

create function baton.require_senior(team_id uuid, needs public.team_role, e public.escalations default null)
returns void language plpgsql stable set search_path = '' as $$
declare
  role constant public.team_role := baton.role_in_team(require_senior.team_id);
begin
  if role >= needs then return; end if;
  perform baton.refuse('BT002', 'Your role in this team does not allow this.',
    case needs when 'senior' then 'Ask a senior, an admin or an owner of the team.' else 'Ask an admin or an owner of the team.' end,
    jsonb_build_object('role', role, 'needs', needs) || case when e.id is not null then baton.holder_json(e) else '{}' end);
end
$$;

create function baton.role_in_team(team_id uuid)
returns public.team_role language plpgsql stable set search_path = '' as $$
begin
  return (select m.role from public.memberships m where m.team_id = role_in_team.team_id and m.user_id = baton.caller());
end
$$;

create function baton.require_assignee(e public.escalations, user_id uuid)
returns void language plpgsql stable set search_path = '' as $$
begin
  if exists (
    select from public.memberships m
    where m.team_id = e.team_id and m.user_id = require_assignee.user_id and m.role >= 'senior'
  ) then return; end if;
  perform baton.refuse('BT004', 'This person cannot take an escalation.', 'Choose a senior, an admin or an owner of the team.',
    '{"field": "user_id"}');
end
$$;

create function baton.one_line(said text)
returns text language sql immutable set search_path = '' as $$
  select baton.trimmed(regexp_replace(said, '[\s\u0001-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff]+', ' ', 'g'))
$$;

create function baton.valid_reason(typed text)
returns text language plpgsql immutable set search_path = '' as $$
declare
  reason constant text := baton.one_line(typed);
begin
  if char_length(reason) between 1 and 300 then return reason; end if;
  perform baton.refuse('BT004', 'A reason is missing, or too long.', 'Say in one sentence, of at most 300 characters, what is wrong.',
    '{"field": "reason"}');
end
$$;

create function baton.require_priority(priority text)
returns void language plpgsql immutable set search_path = '' as $$
begin
  if priority in ('low', 'normal', 'high', 'urgent') then return; end if;
  perform baton.refuse('BT004', 'There is no such priority.', 'Choose low, normal, high or urgent.', '{"field": "priority"}');
end
$$;

create function baton.require_note(note text)
returns void language plpgsql immutable set search_path = '' as $$
begin
  if coalesce(char_length(note), 0) <= 10000 then return; end if;
  perform baton.refuse('BT025', 'The note is too long.', 'Use at most 10,000 characters.', '{"field": "note", "limit": 10000}');
end
$$;
