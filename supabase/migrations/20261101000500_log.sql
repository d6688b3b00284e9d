-- The log: every change appends an event, in its own transaction, to the topic of those who may see it.
--
-- `seq` has no gaps within a topic because it comes from a counter row, not from a sequence: the row stays locked until
-- commit, an abort takes the number back, and so events become visible in the order of their numbers. A reader that has
-- seen `seq` n has nothing missing below it.
--
-- The price is that two transactions of one topic wait for each other from their first event to their commit. Hence the
-- order of locks, the same everywhere:
--
--   teams (by id)  →  profiles  →  invitations  →  mails  →  (chats and runs: see runs.sql)  →  topics (by name)
--
-- Topics come last, so that nobody waits for anything while holding a counter except for a counter later in the order,
-- and the wait is as short as a commit. A function that changes something therefore does all its work first, and ends
-- with one call of `append_events`, which sorts. Turned down: a global sequence (gaps on abort, and numbers that appear
-- out of order), advisory locks (a hash can collide, and they are not seen in the row), a numbering by a background
-- process (events would be late, and it can die).
create table public.topics (
  topic text primary key check (topic ~ '^[a-z]+:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'),
  seq bigint not null check (seq > 0)
);

create table public.events (
  topic text not null,
  seq bigint not null,
  kind text not null check (kind ~ '^[a-z_]+\.[a-z_]+$'),
  payload jsonb not null check (jsonb_typeof(payload) = 'object'),
  at timestamptz not null default clock_timestamp(),
  primary key (topic, seq)
);

alter table public.topics enable row level security;
alter table public.events enable row level security;
revoke all on public.topics, public.events from public, anon, authenticated, service_role;
grant select on public.topics, public.events to service_role;
grant select on public.events to authenticated;

create type baton.new_event as (topic text, kind text, payload jsonb);

create function baton.event(topic text, kind text, payload jsonb)
returns baton.new_event language sql immutable set search_path = '' as $$
  select row(topic, kind, payload)::baton.new_event
$$;

-- What a part of `tick` did: how many, and the events that `tick` appends when all its parts are done.
create type baton.swept as (count bigint, events baton.new_event[]);

-- The last thing that a function does, once. Events of one topic keep their order; null stands for no event.
create function baton.append_events(events baton.new_event[])
returns void language plpgsql set search_path = '' as $$
declare
  event record;
begin
  for event in
    select e.topic, e.kind, e.payload
    from unnest(append_events.events) with ordinality as e (topic, kind, payload, position)
    where e.topic is not null
    order by e.topic collate "C", e.position
  loop
    perform public.append_event(event.topic, event.kind, event.payload);
  end loop;
end
$$;

create function public.append_event(topic text, kind text, payload jsonb)
returns bigint language plpgsql security definer set search_path = '' as $$
declare
  next_seq bigint;
begin
  with counted as (
    insert into public.topics as counter (topic, seq) values (append_event.topic, 1)
    on conflict on constraint topics_pkey do update set seq = counter.seq + 1
    returning counter.seq
  )
  insert into public.events as e (topic, seq, kind, payload)
  select append_event.topic, counted.seq, append_event.kind, append_event.payload from counted
  returning e.seq into next_seq;
  return next_seq;
end
$$;
revoke all on function public.append_event(text, text, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.append_event(text, text, jsonb) to service_role;

-- Tells whoever listens. Only a hint: it may be late, lost or doubled, and the row is the truth. A payload that would
-- burden every listener is left out; they read the row. Runs as its owner, since the writer of a row may not broadcast.
create function baton.send_hint()
returns trigger language plpgsql security definer set search_path = '' as $$
begin
  perform realtime.send(
    jsonb_build_object('topic', new.topic, 'seq', new.seq, 'kind', new.kind, 'at', baton.instant(new.at))
      || case when octet_length(new.payload::text) <= 8192 then jsonb_build_object('payload', new.payload) else '{}' end,
    'event', new.topic, true
  );
  return null;
end
$$;
create trigger "a new event is hinted to its topic"
after insert on public.events for each row execute function baton.send_hint();

create function baton.event_json(event public.events)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object('topic', event.topic, 'seq', event.seq, 'kind', event.kind,
    'payload', event.payload, 'at', baton.instant(event.at))
$$;

-- The `seq` that a snapshot carries. Snapshots are `stable` functions: all their queries see the database as the calling
-- statement does. An event commits together with the counter and with the rows that it tells of, so a snapshot has all
-- three or none, and what it shows is exactly the sum of the events up to its `seq`.
create function baton.head(topic text)
returns bigint language sql stable set search_path = '' as $$
  select coalesce((select counter.seq from public.topics counter where counter.topic = head.topic), 0)
$$;

-- Retention: an event stays for 7 days, and the last 1,000 of a topic stay for ever. Run by `tick` in bites: from each
-- topic at most 1,000 of its oldest. What is left is always an unbroken end of the log. Answers how many went.
create function baton.forget_events(bite integer default 1000)
returns bigint language sql set search_path = '' as $$
  with forgotten as (
    delete from public.events gone
    using public.topics counter
    cross join lateral (
      select oldest.seq, oldest.at
      from public.events oldest
      where oldest.topic = counter.topic and oldest.seq <= counter.seq - 1000
      order by oldest.seq
      limit bite
    ) candidate
    where counter.seq > 1000
      and gone.topic = counter.topic and gone.seq = candidate.seq and candidate.at < now() - interval '7 days'
    returning 1
  )
  select count(*) from forgotten
$$;
