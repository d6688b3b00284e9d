-- Turns: one call of the model each, with what was asked (enough to rebuild the request and prove it by its hash), what
-- came of it, and what it cost. A turn is streaming until it ends, however it ends.
create table public.turns (
  id uuid primary key,
  run_id uuid not null references public.runs on delete cascade,
  stage_id uuid not null,
  chat_id uuid not null,
  project_id uuid not null,
  turn integer not null,
  state text not null default 'streaming' check (state in ('streaming', 'closed', 'abandoned')),
  model text not null,
  request_hash text not null,
  request_meta jsonb not null,
  stop_reason text,
  error jsonb,
  usage jsonb,
  cost_usd numeric(14, 6),
  started_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  unique (chat_id, turn),
  check ((state = 'streaming') = (ended_at is null))
);
create unique index one_streaming_turn_of_a_run on public.turns (run_id) where state = 'streaming';
create index turns_of_a_run on public.turns (run_id, turn);

-- What was spent, a row for each call of the model that is known to have cost something: a turn, or a compaction, named
-- by the entry that it became or was to become. It outlives the chat. A cost is null when the price is not known: never
-- zero, which would be a claim.
create table public.usage (
  id bigint generated always as identity primary key,
  turn_id uuid unique,
  entry_id uuid unique,
  team_id uuid not null references public.teams on delete cascade,
  project_id uuid not null,
  chat_id uuid not null,
  run_id uuid not null,
  model text not null,
  role text not null,
  input_tokens bigint not null,
  output_tokens bigint not null,
  cache_read_tokens bigint not null,
  cache_write_tokens bigint not null,
  cost_usd numeric(14, 6),
  at timestamptz not null default clock_timestamp(),
  check (num_nonnulls(turn_id, entry_id) = 1)
);
create index usage_of_a_team on public.usage (team_id, at);
create index usage_of_a_chat on public.usage (chat_id);
create index usage_of_a_run on public.usage (run_id, at);

alter table public.turns enable row level security;
alter table public.usage enable row level security;
revoke all on public.turns, public.usage from public, anon, authenticated, service_role;
grant select on public.turns, public.usage to authenticated, service_role;

create policy "members read the turns of their projects" on public.turns
for select to authenticated using (project_id in (select baton.my_projects()));
create policy "members read what their teams used" on public.usage
for select to authenticated using (team_id in (select baton.my_teams()));

create function baton.turn_json(turn public.turns)
returns jsonb language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object('id', turn.id, 'run_id', turn.run_id, 'stage_id', turn.stage_id, 'chat_id', turn.chat_id,
    'turn', turn.turn, 'state', turn.state, 'model', turn.model, 'stop_reason', turn.stop_reason, 'error', turn.error,
    'usage', turn.usage, 'cost_usd', turn.cost_usd,
    'started_at', baton.instant(turn.started_at), 'ended_at', baton.instant(turn.ended_at));
end
$$;

-- Answers the number of the turn: `read_history` before it is what the model is sent.
create function public.open_turn(
  turn_id uuid, run_id uuid, token bigint, stage_id uuid, model text, request_hash text, request_meta jsonb
)
returns integer language plpgsql security definer set search_path = '' as $$
declare
  run constant public.runs := baton.hold_chat_and_run(open_turn.run_id, open_turn.token);
  turn public.turns;
  made baton.new_event;
begin
  select t.* into turn from public.turns t where t.id = open_turn.turn_id and t.run_id = run.id;
  if found then return turn.turn; end if;
  perform baton.require_no_turn(run), baton.require_calls_ended(run);
  made := baton.checkpoint_run(run);
  insert into public.turns (id, run_id, stage_id, chat_id, project_id, turn, model, request_hash, request_meta)
  values (open_turn.turn_id, run.id, open_turn.stage_id, run.chat_id, run.project_id, baton.take_turn(run.chat_id),
    open_turn.model, open_turn.request_hash, open_turn.request_meta)
  returning * into turn;
  perform baton.append_events(array[made,
    row('project:' || run.project_id, 'turn.opened', baton.turn_json(turn))::baton.new_event]);
  return turn.turn;
end
$$;

-- What is known of the cost while the model still speaks: kept should the worker die.
create function public.note_usage(turn_id uuid, run_id uuid, token bigint, usage jsonb, cost_usd numeric)
returns void language plpgsql security definer set search_path = '' as $$
declare
  run constant public.runs := baton.share_run(note_usage.run_id, note_usage.token);
begin
  update public.turns t set usage = note_usage.usage, cost_usd = note_usage.cost_usd
  where t.id = note_usage.turn_id and t.run_id = run.id and t.state = 'streaming';
end
$$;

-- What a compaction cost that came to nothing. `entry_id` is that of the entry which it did not become.
create function public.note_spending(
  entry_id uuid, run_id uuid, token bigint, model text, usage jsonb, cost_usd numeric
)
returns void language plpgsql security definer set search_path = '' as $$
declare
  run constant public.runs := baton.hold_run(note_spending.run_id, note_spending.token);
begin
  if exists (select from public.usage u where u.entry_id = note_spending.entry_id) then return; end if;
  perform baton.count_usage(run, baton.stage_of(run.id), note_spending.model, note_spending.usage,
    note_spending.cost_usd, counted_entry => note_spending.entry_id);
  perform baton.append_events(array[
    row('project:' || run.project_id, 'usage.noted',
      jsonb_build_object('chat_id', run.chat_id, 'usage', note_spending.usage))::baton.new_event,
    (select baton.run_event(r) from public.runs r where r.id = run.id)]);
end
$$;

-- Ends a turn, well or badly. Entries that are still open were cut.
create function public.close_turn(
  turn_id uuid, run_id uuid, token bigint, stop_reason text, usage jsonb default null, cost_usd numeric default null,
  error jsonb default null, notice text default null
)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  run constant public.runs := baton.hold_chat_and_run(close_turn.run_id, close_turn.token);
  turn public.turns;
  events baton.new_event[];
begin
  select t.* into turn from public.turns t where t.id = close_turn.turn_id and t.run_id = run.id;
  if turn.id is null then
    perform baton.refuse('BT023', 'There is no such turn in this run.', 'Claim the run again.');
  end if;
  if turn.state = 'streaming' then
    if close_turn.usage is not null then
      turn.usage := close_turn.usage;
      turn.cost_usd := close_turn.cost_usd;
    end if;
    events := baton.end_turn(turn, run, close_turn.stop_reason, close_turn.error, close_turn.notice);
    if close_turn.error is null then perform baton.forget_faults(run); end if;
    perform baton.append_events(events || (select baton.run_event(r) from public.runs r where r.id = run.id));
  end if;
  return baton.ending_json(turn.id);
end
$$;

revoke all on function
  public.open_turn(uuid, uuid, bigint, uuid, text, text, jsonb),
  public.note_usage(uuid, uuid, bigint, jsonb, numeric),
  public.note_spending(uuid, uuid, bigint, text, jsonb, numeric),
  public.close_turn(uuid, uuid, bigint, text, jsonb, numeric, jsonb, text)
from public, anon, authenticated, service_role;
grant execute on function
  public.open_turn(uuid, uuid, bigint, uuid, text, text, jsonb),
  public.note_usage(uuid, uuid, bigint, jsonb, numeric),
  public.note_spending(uuid, uuid, bigint, text, jsonb, numeric),
  public.close_turn(uuid, uuid, bigint, text, jsonb, numeric, jsonb, text)
to service_role;

-- The one place where a turn ends; the chat and the run are held. What is kept must be valid as the model's turn:
--   * open text with a visible character is kept as far as it came; without one it is not sent;
--   * open thinking has no signature, and an open tool call no whole input: shown, not sent, the call cancelled;
--   * thinking at the end answers to nothing, so it is not sent either.
-- With nothing left the turn is abandoned, and the model is asked again. When the kept part ends in text and the run goes
-- on although the model was not done, a notice follows, because the history must end with a word to the model. A turn
-- that ends in calls needs none: their results are that word.
create function baton.end_turn(
  turn public.turns, run public.runs, stop_reason text, error jsonb default null, notice text default null,
  goes_on boolean default true
)
returns baton.new_event[] language plpgsql set search_path = '' as $$
declare
  cut constant uuid[] := baton.cut_entries(turn.id);
  ends_with constant text := baton.trim_turn(turn.id);
  said constant text := coalesce(notice, case when error is not null or cut <> '{}' then baton.notice_of_a_cut() end);
  events baton.new_event[];
begin
  update public.turns t
  set state = case when ends_with is null then 'abandoned' else 'closed' end, stop_reason = end_turn.stop_reason,
      error = end_turn.error, usage = turn.usage, cost_usd = turn.cost_usd, ended_at = clock_timestamp()
  where t.id = turn.id returning t.* into turn;
  perform baton.count_usage(run, turn.stage_id, turn.model, turn.usage, turn.cost_usd, counted_turn => turn.id);
  events := array[row('project:' || run.project_id, 'turn.closed', baton.turn_json(turn) || jsonb_build_object(
    'entries', array(select baton.closing_json(e) from public.entries e
      where e.turn_id = turn.id and (e.id = any (cut) or not e.in_history) order by e.index)))::baton.new_event];
  events := events || baton.cancel_calls_of(cut);
  if goes_on and ends_with = 'text' and said is not null then
    events := events || baton.write_aside(run, 'notice', said, '{"reason": "cut"}');
  end if;
  delete from public.entry_parts p using public.entries e where e.turn_id = turn.id and p.entry_id = e.id;
  return events;
end
$$;

create function baton.end_streaming_turn(run public.runs, reason text, goes_on boolean)
returns baton.new_event[] language plpgsql set search_path = '' as $$
declare
  turn public.turns;
begin
  select t.* into turn from public.turns t where t.run_id = run.id and t.state = 'streaming';
  if not found then return '{}'; end if;
  return baton.end_turn(turn, run, reason, jsonb_build_object('type', reason) || baton.cut_json(turn.id), null, goes_on);
end
$$;

-- Which block was being written, and how far it came.
create function baton.cut_json(turn_id uuid)
returns jsonb language plpgsql stable set search_path = '' as $$
begin
  return coalesce((
    select jsonb_strip_nulls(jsonb_build_object('cut', e.kind, 'tool', c.name, 'length', baton.reached(e.id)))
    from public.entries e left join public.tool_calls c on c.entry_id = e.id
    where e.turn_id = cut_json.turn_id and e.state = 'open' order by e.index desc limit 1
  ), '{}');
end
$$;

create function baton.cut_entries(turn_id uuid)
returns uuid[] language plpgsql set search_path = '' as $$
declare
  cut uuid[];
begin
  with closed as (
    update public.entries e
    set text = whole.text, state = 'closed', closed_at = clock_timestamp(),
        in_history = e.kind = 'text' and whole.text ~ '\S'
    from (
      select o.id, baton.text_of_parts(o.id) as text from public.entries o
      where o.turn_id = cut_entries.turn_id and o.state = 'open'
    ) whole
    where e.id = whole.id
    returning e.id
  )
  select coalesce(array_agg(id), '{}') into cut from closed;
  return cut;
end
$$;

-- Answers the kind of the last block that is kept.
create function baton.trim_turn(turn_id uuid)
returns text language plpgsql set search_path = '' as $$
declare
  last record;
begin
  select e.index, e.kind into last from public.entries e
  where e.turn_id = trim_turn.turn_id and e.in_history and e.kind in ('text', 'tool_use')
  order by e.index desc limit 1;
  update public.entries e set in_history = false
  where e.turn_id = trim_turn.turn_id and e.in_history and e.index > coalesce(last.index, -1);
  return last.kind;
end
$$;

create function baton.notice_of_a_cut()
returns text language sql immutable set search_path = '' as $$
  select 'Your answer was cut off here, through no fault of yours. What stands above was kept, and nothing after it. '
    'Go on exactly where it stops, without repeating any of it.'
$$;

-- In the rows of usage, and in the sums of the stage and the run, which are held.
create function baton.count_usage(
  run public.runs, stage_id uuid, model text, usage jsonb, cost_usd numeric,
  counted_turn uuid default null, counted_entry uuid default null
)
returns void language plpgsql set search_path = '' as $$
declare
  input constant bigint := coalesce((usage ->> 'input_tokens')::bigint, 0);
  output constant bigint := coalesce((usage ->> 'output_tokens')::bigint, 0);
  cached constant bigint := coalesce((usage ->> 'cache_read_input_tokens')::bigint, 0);
  written constant bigint := coalesce((usage ->> 'cache_creation_input_tokens')::bigint, 0);
begin
  if usage is null and cost_usd is null then return; end if;
  insert into public.usage (turn_id, entry_id, team_id, project_id, chat_id, run_id, model, role,
    input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, cost_usd)
  select counted_turn, counted_entry, run.team_id, run.project_id, run.chat_id, run.id, count_usage.model, s.role,
    input, output, cached, written, count_usage.cost_usd
  from public.stages s where s.id = count_usage.stage_id;
  update public.stages s
  set input_tokens = s.input_tokens + input + cached + written, output_tokens = s.output_tokens + output,
      cost_usd = s.cost_usd + coalesce(count_usage.cost_usd, 0),
      cost_is_partial = s.cost_is_partial or count_usage.cost_usd is null
  where s.id = count_usage.stage_id;
  update public.runs r
  set input_tokens = r.input_tokens + input + cached + written, output_tokens = r.output_tokens + output,
      cost_usd = r.cost_usd + coalesce(count_usage.cost_usd, 0),
      cost_is_partial = r.cost_is_partial or count_usage.cost_usd is null
  where r.id = run.id;
end
$$;

-- By this run, in whichever way, since somebody last spoke, or let it go on after it was stopped.
create function baton.spent_since_speech(run public.runs)
returns numeric language plpgsql stable set search_path = '' as $$
declare
  spoken_at constant timestamptz := (
    select e.created_at from public.entries e
    where e.chat_id = run.chat_id and e.state = 'closed'
      and (e.kind = 'message' or (e.kind = 'notice' and e.data ?| array['stopped', 'mending']))
    order by e.turn desc limit 1
  );
begin
  return coalesce((
    select sum(u.cost_usd) from public.usage u
    where u.run_id = run.id and u.at > coalesce(spoken_at, '-infinity')
  ), 0);
end
$$;

create function baton.forget_faults(run public.runs)
returns void language plpgsql set search_path = '' as $$
begin
  if run.model_faults = 0 then return; end if;
  update public.runs r set model_faults = 0, fault = null where r.id = run.id;
end
$$;

create function baton.ending_json(turn_id uuid)
returns jsonb language plpgsql stable set search_path = '' as $$
begin
  return (
    select jsonb_build_object('state', t.state, 'ends_with', (
      select e.kind from public.entries e where e.turn_id = t.id and e.in_history order by e.index desc limit 1
    ), 'notice', (
      select baton.entry_json(e, null) from public.entries e
      where e.chat_id = t.chat_id and e.turn = t.turn + 1 and e.kind = 'notice'
    ))
    from public.turns t where t.id = ending_json.turn_id
  );
end
$$;
