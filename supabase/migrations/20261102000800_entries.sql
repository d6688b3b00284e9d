-- Entries: the conversation, a row for each block, in the order of (turn, index). A row is made when its block begins, so
-- the order is the model's own. What is sent to the model, and what people see, is derived from these rows alone.
--
-- * `state`: an open entry grows; a closed one never changes again; a dropped one was taken out of the chat by someone
--   who sent an earlier message again. Nothing is deleted, so every call of the model can be replayed: `dropped_at_turn`
--   is the first turn that did not see it.
-- * `run_id`: null for a copy, in a chat that was forked.
-- * `in_history`: whether the model is sent it. A block that was cut before it was whole is shown, and not sent.
--
-- An open entry grows by rows of `entry_parts`, each with its place, and gets its text when it closes: appending costs
-- the same at the end of a long text as at its beginning, and a part that is sent again is found at its place. Turned
-- down: `text = text || part`, which writes a megabyte to add a word.
create table public.entries (
  id uuid primary key default gen_random_uuid(),
  chat_id uuid not null references public.chats on delete cascade,
  project_id uuid not null,
  run_id uuid,
  turn_id uuid,
  turn integer not null,
  index integer not null,
  kind text not null
    check (kind in ('message', 'text', 'thinking', 'redacted_thinking', 'tool_use', 'notice', 'compaction')),
  text text not null default '',
  data jsonb not null default '{}',
  state text not null default 'open' check (state in ('open', 'closed', 'dropped')),
  in_history boolean not null default true,
  dropped_at_turn integer,
  author uuid,
  created_at timestamptz not null default clock_timestamp(),
  closed_at timestamptz,
  unique (chat_id, turn, index),
  check ((turn_id is null) = (kind in ('message', 'notice', 'compaction'))),
  check ((state = 'dropped') = (dropped_at_turn is not null))
);
create index entries_of_a_turn on public.entries (turn_id) where turn_id is not null;
create index compactions_of_a_chat on public.entries (chat_id, turn) where kind = 'compaction';

-- `start` and `stop` count as JavaScript does, in UTF-16 units, because all who read and write them are written in it.
create table public.entry_parts (
  entry_id uuid not null references public.entries on delete cascade,
  start integer not null,
  stop integer not null,
  text text not null,
  primary key (entry_id, start)
);

alter table public.entries enable row level security;
alter table public.entry_parts enable row level security;
revoke all on public.entries, public.entry_parts from public, anon, authenticated, service_role;
grant select on public.entries to authenticated, service_role;
grant select on public.entry_parts to service_role;

create policy "members read the entries of their projects" on public.entries
for select to authenticated using (project_id in (select baton.my_projects()));

create function public.open_entry(
  entry_id uuid, run_id uuid, token bigint, turn_id uuid, index integer, kind text,
  tool_call_id uuid default null, api_id text default null, tool_name text default null, data jsonb default '{}'
)
returns void language plpgsql security definer set search_path = '' as $$
declare
  run constant public.runs := baton.share_run(open_entry.run_id, open_entry.token);
  entry public.entries;
  call public.tool_calls;
begin
  insert into public.entries (id, chat_id, project_id, run_id, turn_id, turn, index, kind, data)
  select open_entry.entry_id, run.chat_id, run.project_id, run.id, t.id, t.turn, open_entry.index, open_entry.kind,
    coalesce(open_entry.data, '{}')
  from public.turns t where t.id = open_entry.turn_id and t.run_id = run.id and t.state = 'streaming'
  on conflict on constraint entries_pkey do nothing
  returning * into entry;
  if entry.id is null then
    perform baton.require_entry(open_entry.entry_id, run.id);
    return;
  end if;
  if entry.kind = 'tool_use' then
    insert into public.tool_calls (id, run_id, turn_id, entry_id, chat_id, project_id, api_id, name)
    values (open_entry.tool_call_id, run.id, entry.turn_id, entry.id, run.chat_id, run.project_id,
      open_entry.api_id, open_entry.tool_name)
    returning * into call;
  end if;
  perform public.append_event('project:' || run.project_id, 'entry.opened', baton.entry_json(entry, call));
end
$$;

-- Answers how long the entry is now. A part that is there already is not added again.
create function public.append_to_entry(entry_id uuid, run_id uuid, token bigint, "offset" integer, text text)
returns integer language plpgsql security definer set search_path = '' as $$
declare
  run constant public.runs := baton.share_run(append_to_entry.run_id, append_to_entry.token);
  stop constant integer := append_to_entry."offset" + baton.units(append_to_entry.text);
  reached constant integer := baton.reached(append_to_entry.entry_id);
begin
  if append_to_entry."offset" = reached then
    perform baton.require_open_entry(append_to_entry.entry_id, run.id);
    if stop = reached then return stop; end if;
    insert into public.entry_parts values (append_to_entry.entry_id, reached, stop, append_to_entry.text)
    on conflict on constraint entry_parts_pkey do nothing;
    if found then
      perform public.append_event('project:' || run.project_id, 'entry.appended', jsonb_build_object(
        'id', append_to_entry.entry_id, 'chat_id', run.chat_id, 'offset', reached, 'text', append_to_entry.text));
      return stop;
    end if;
  end if;
  perform baton.require_part(append_to_entry.entry_id, append_to_entry."offset", append_to_entry.text);
  return baton.reached(append_to_entry.entry_id);
end
$$;

-- A block that is whole. What has no visible character cannot be sent back to the model. `tail` is what was said at
-- `offset` and not appended yet: one transaction and one event in place of two.
create function public.close_entry(
  entry_id uuid, run_id uuid, token bigint, data jsonb default null,
  "offset" integer default null, tail text default null
)
returns void language plpgsql security definer set search_path = '' as $$
declare
  run constant public.runs := baton.share_run(close_entry.run_id, close_entry.token);
  entry public.entries;
begin
  update public.entries e
  set text = baton.text_of_parts(e.id) || coalesce(close_entry.tail, ''), data = e.data || coalesce(close_entry.data, '{}'),
      state = 'closed', closed_at = clock_timestamp()
  where e.id = close_entry.entry_id and e.run_id = run.id and e.state = 'open' and e.kind <> 'tool_use'
  returning e.* into entry;
  if entry.id is null then
    perform baton.require_entry(close_entry.entry_id, run.id);
    return;
  end if;
  perform baton.require_end(entry.id, close_entry."offset");
  if entry.kind = 'text' and entry.text !~ '\S' then
    update public.entries e set in_history = false where e.id = entry.id returning e.* into entry;
  end if;
  perform public.append_event('project:' || run.project_id, 'entry.closed',
    baton.closing_json(entry) || baton.tail_json(close_entry.tail));
end
$$;

-- A visible word to the model that no person wrote, such as why it is stopped or that its answer goes on.
create function public.add_notice(run_id uuid, token bigint, text text, data jsonb default '{}')
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  run constant public.runs := baton.hold_chat_and_run(add_notice.run_id, add_notice.token);
  event baton.new_event;
begin
  perform baton.require_no_turn(run), baton.require_calls_ended(run);
  event := baton.write_aside(run, 'notice', add_notice.text, add_notice.data);
  perform baton.append_events(array[event]);
  return event.payload;
end
$$;

-- What came before turn `keeps_from` is from now on known to the model by this text alone. People still see all of it. The
-- call of the model that wrote the text is no turn, but costs like one: `usage`, `model` and `cost_usd` tell of it.
create function public.record_compaction(
  run_id uuid, token bigint, text text, keeps_from integer default null, data jsonb default '{}',
  entry_id uuid default gen_random_uuid(), model text default null, usage jsonb default null,
  cost_usd numeric default null
)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  run constant public.runs := baton.hold_chat_and_run(record_compaction.run_id, record_compaction.token);
  next_turn constant integer := (select c.next_turn from public.chats c where c.id = run.chat_id);
  entry public.entries;
  event baton.new_event;
begin
  select e.* into entry from public.entries e where e.id = record_compaction.entry_id and e.run_id = run.id;
  if found then return baton.entry_json(entry, null); end if;
  perform baton.require_no_turn(run), baton.require_calls_ended(run);
  event := baton.write_aside(run, 'compaction', record_compaction.text,
    coalesce(record_compaction.data, '{}') || jsonb_build_object(
      'keeps_from', least(coalesce(record_compaction.keeps_from, next_turn), next_turn),
      'model', record_compaction.model, 'usage', record_compaction.usage, 'cost_usd', record_compaction.cost_usd),
    id => record_compaction.entry_id);
  perform baton.count_usage(run, baton.stage_of(run.id), coalesce(record_compaction.model, 'unknown'),
    record_compaction.usage, record_compaction.cost_usd, counted_entry => record_compaction.entry_id);
  perform baton.append_events(array[event, (select baton.run_event(r) from public.runs r where r.id = run.id)]);
  return event.payload;
end
$$;

-- What the model is sent before turn `before_turn`, or now: the last compaction, then what it kept and what came after.
-- With `after_turn` only what is new since.
create function public.read_history(chat_id uuid, before_turn integer default null, after_turn integer default null)
returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare
  horizon constant integer := coalesce(before_turn, 2147483647);
  summary constant public.entries := baton.compaction_before(read_history.chat_id, horizon);
begin
  return to_jsonb(array(
    select baton.entry_json(e, c)
    from public.entries e left join public.tool_calls c on c.entry_id = e.id
    where e.chat_id = read_history.chat_id and e.turn < horizon and e.turn > coalesce(after_turn, -1)
      and e.in_history and coalesce(e.dropped_at_turn > horizon, true) and e.state <> 'open'
      and (e.id = summary.id or e.kind <> 'compaction' and e.turn >= coalesce((summary.data ->> 'keeps_from')::integer, 0))
    order by e.kind <> 'compaction', e.turn, e.index
  ));
end
$$;

revoke all on function
  public.open_entry(uuid, uuid, bigint, uuid, integer, text, uuid, text, text, jsonb),
  public.append_to_entry(uuid, uuid, bigint, integer, text), public.close_entry(uuid, uuid, bigint, jsonb, integer, text),
  public.add_notice(uuid, bigint, text, jsonb), public.record_compaction(uuid, bigint, text, integer, jsonb, uuid, text, jsonb, numeric),
  public.read_history(uuid, integer, integer)
from public, anon, authenticated, service_role;
grant execute on function
  public.open_entry(uuid, uuid, bigint, uuid, integer, text, uuid, text, text, jsonb),
  public.append_to_entry(uuid, uuid, bigint, integer, text), public.close_entry(uuid, uuid, bigint, jsonb, integer, text),
  public.add_notice(uuid, bigint, text, jsonb), public.record_compaction(uuid, bigint, text, integer, jsonb, uuid, text, jsonb, numeric),
  public.read_history(uuid, integer, integer)
to service_role;

create function baton.require_entry(entry_id uuid, run_id uuid)
returns void language plpgsql stable set search_path = '' as $$
begin
  if exists (
    select from public.entries e where e.id = require_entry.entry_id and e.run_id = require_entry.run_id
  ) then return; end if;
  perform baton.refuse('BT023', 'There is no open turn for this entry, or no such entry in this run.',
    'Claim the run again, and go on from what is there.');
end
$$;

create function baton.require_part(entry_id uuid, "offset" integer, text text)
returns void language plpgsql set search_path = '' as $$
begin
  if exists (
    select from public.entry_parts p
    where p.entry_id = require_part.entry_id and p.start = require_part."offset" and p.text = require_part.text
  ) then return; end if;
  perform baton.refuse('BT022', 'This is not where the entry ends.', 'Append at its end.',
    jsonb_build_object('offset', require_part."offset", 'length', baton.reached(require_part.entry_id)));
end
$$;

-- Null: whoever closes it has nothing more to add.
create function baton.require_end(entry_id uuid, "offset" integer)
returns void language plpgsql set search_path = '' as $$
begin
  if require_end."offset" is null or require_end."offset" = baton.reached(require_end.entry_id) then return; end if;
  perform baton.refuse('BT022', 'This is not where the entry ends.', 'Append at its end.',
    jsonb_build_object('offset', require_end."offset", 'length', baton.reached(require_end.entry_id)));
end
$$;

create function baton.tail_json(tail text)
returns jsonb language plpgsql immutable set search_path = '' as $$
begin
  return case when coalesce(tail, '') = '' then '{}' else jsonb_build_object('tail', tail) end;
end
$$;

create function baton.require_open_entry(entry_id uuid, run_id uuid)
returns void language plpgsql stable set search_path = '' as $$
begin
  if exists (
    select from public.entries e
    where e.id = require_open_entry.entry_id and e.run_id = require_open_entry.run_id and e.state = 'open'
  ) then return; end if;
  perform baton.refuse('BT022', 'This entry is closed.', 'Nothing can be added to it.');
end
$$;

create function baton.units(text text)
returns integer language plpgsql immutable set search_path = '' as $$
begin
  if octet_length(text) = char_length(text) then return char_length(text); end if;
  return char_length(text) + char_length(regexp_replace(text, '[^\U00010000-\U0010ffff]', '', 'g'));
end
$$;

create function baton.reached(entry_id uuid)
returns integer language plpgsql stable set search_path = '' as $$
begin
  return coalesce((
    select p.stop from public.entry_parts p where p.entry_id = reached.entry_id order by p.start desc limit 1
  ), 0);
end
$$;

create function baton.text_of_parts(entry_id uuid)
returns text language plpgsql stable set search_path = '' as $$
begin
  return coalesce((
    select string_agg(p.text, '' order by p.start) from public.entry_parts p where p.entry_id = text_of_parts.entry_id
  ), '');
end
$$;

-- The chat is held. Answers the event of the new entry.
create function baton.write_aside(
  run public.runs, kind text, text text, data jsonb default '{}', author uuid default null,
  id uuid default gen_random_uuid()
)
returns baton.new_event language plpgsql set search_path = '' as $$
declare
  entry public.entries;
begin
  insert into public.entries (id, chat_id, project_id, run_id, turn, index, kind, text, data, author, state, closed_at)
  values (write_aside.id, run.chat_id, run.project_id, run.id, baton.take_turn(run.chat_id), 0, write_aside.kind, write_aside.text,
    coalesce(write_aside.data, '{}'), write_aside.author, 'closed', clock_timestamp())
  returning * into entry;
  return row('project:' || run.project_id, 'entry.opened', baton.entry_json(entry, null))::baton.new_event;
end
$$;

create function baton.compaction_before(chat_id uuid, horizon integer)
returns public.entries language plpgsql stable set search_path = '' as $$
declare
  entry public.entries;
begin
  select e.* into entry from public.entries e
  where e.chat_id = compaction_before.chat_id and e.kind = 'compaction' and e.turn < horizon
    and coalesce(e.dropped_at_turn > horizon, true)
  order by e.turn desc limit 1;
  return entry;
end
$$;

create function baton.history_ends_with(chat_id uuid)
returns text language plpgsql stable set search_path = '' as $$
begin
  return (
    select e.kind from public.entries e
    where e.chat_id = history_ends_with.chat_id and e.in_history and e.state = 'closed'
    order by e.turn desc, e.index desc limit 1
  );
end
$$;

create function baton.entry_json(entry public.entries, call public.tool_calls)
returns jsonb language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object('id', entry.id, 'chat_id', entry.chat_id, 'run_id', entry.run_id, 'turn_id', entry.turn_id,
    'turn', entry.turn, 'index', entry.index, 'kind', entry.kind,
    'text', case entry.state when 'open' then baton.text_of_parts(entry.id) else entry.text end,
    'data', entry.data, 'state', entry.state, 'in_history', entry.in_history, 'author', entry.author,
    'created_at', baton.instant(entry.created_at), 'closed_at', baton.instant(entry.closed_at),
    'tool_call', case when call.id is not null then baton.tool_call_json(call) end);
end
$$;

create function baton.closing_json(entry public.entries)
returns jsonb language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object('id', entry.id, 'chat_id', entry.chat_id, 'data', entry.data,
    'in_history', entry.in_history, 'closed_at', baton.instant(entry.closed_at));
end
$$;
