-- The life of a claim, and what of an escalation is one person's own: whether they read it, whether they put its suggested
-- steps away, whether they are looking at it now.
--
-- A claim lives by activity: whatever its holder does in the chat or its project touches it. Who goes silent is reminded,
-- then the claim lapses and everyone is told. The times stand in the row, so a tick finds them by an index, and a change
-- of the ladder holds from the next touch on.
create table public.escalation_marks (
  escalation_id uuid not null references public.escalations on delete cascade,
  user_id uuid not null references public.profiles on delete cascade,
  read_at timestamptz,
  dismissed_at timestamptz,
  primary key (escalation_id, user_id)
);
create index marks_of_a_person on public.escalation_marks (user_id);

create table public.escalation_lookers (
  escalation_id uuid not null references public.escalations on delete cascade,
  user_id uuid not null references public.profiles on delete cascade,
  team_id uuid not null,
  until timestamptz not null,
  primary key (escalation_id, user_id)
);
create index lookers_of_a_team on public.escalation_lookers (team_id, until);
create index lookers_of_a_person on public.escalation_lookers (user_id);
create index old_lookers on public.escalation_lookers (until);

alter table public.escalation_marks enable row level security;
alter table public.escalation_lookers enable row level security;
revoke all on public.escalation_marks, public.escalation_lookers from public, anon, authenticated, service_role;
grant select on public.escalation_marks, public.escalation_lookers to authenticated, service_role;

create policy "people read their own marks" on public.escalation_marks
for select to authenticated using (user_id = (select auth.uid()));
create policy "members read who is looking in their teams" on public.escalation_lookers
for select to authenticated using (team_id in (select baton.my_teams()));

create function public.touch_escalation(escalation_id uuid)
returns void language plpgsql security definer set search_path = '' as $$
declare
  e constant public.escalations := baton.escalation_of_caller(touch_escalation.escalation_id);
begin
  if e.claimed_by is distinct from baton.caller() then return; end if;
  perform baton.append_events(baton.touch_claims(e.project_id));
end
$$;

create function public.read_escalation(escalation_id uuid)
returns void language plpgsql security definer set search_path = '' as $$
begin
  perform baton.append_events(array[
    baton.read_by(baton.escalation_of_caller(read_escalation.escalation_id), baton.caller())]);
end
$$;

create function public.open_escalation(escalation_id uuid)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  e constant public.escalations := baton.escalation_of_caller(open_escalation.escalation_id);
begin
  perform baton.append_events(array[baton.read_by(e, baton.caller()), baton.look(e, true)]);
  return baton.whole_escalation(e.id);
end
$$;

create function public.look_at_escalation(escalation_id uuid)
returns void language plpgsql security definer set search_path = '' as $$
begin
  perform baton.append_events(array[baton.look(baton.escalation_of_caller(look_at_escalation.escalation_id), true)]);
end
$$;

create function public.leave_escalation(escalation_id uuid)
returns void language plpgsql security definer set search_path = '' as $$
begin
  perform baton.append_events(array[baton.look(baton.escalation_of_caller(leave_escalation.escalation_id), false)]);
end
$$;

create function public.dismiss_steps(escalation_id uuid)
returns void language plpgsql security definer set search_path = '' as $$
begin
  perform baton.append_events(array[
    baton.dismiss(baton.escalation_of_caller(dismiss_steps.escalation_id), baton.caller())]);
end
$$;

revoke all on function
  public.touch_escalation(uuid), public.read_escalation(uuid), public.open_escalation(uuid),
  public.look_at_escalation(uuid), public.leave_escalation(uuid), public.dismiss_steps(uuid)
from public, anon, authenticated, service_role;
grant execute on function
  public.touch_escalation(uuid), public.read_escalation(uuid), public.open_escalation(uuid),
  public.look_at_escalation(uuid), public.leave_escalation(uuid), public.dismiss_steps(uuid)
to authenticated;

-- What the caller holds in this project, at most once in ten seconds. A row that is locked is being changed by somebody
-- else, so is looked at again soon enough.
create function baton.touch_claims(project_id uuid)
returns baton.new_event[] language plpgsql set search_path = '' as $$
declare
  moment constant timestamptz := clock_timestamp();
  e public.escalations;
  ladder jsonb;
  events baton.new_event[] := '{}';
begin
  for e in
    select x.* from public.escalations x
    where x.state = 'claimed' and x.project_id = touch_claims.project_id and x.claimed_by = auth.uid()
      and x.touched_at < moment - interval '10 seconds'
    order by x.id for no key update skip locked
  loop
    ladder := baton.ladder_of(e.team_id);
    update public.escalations x
    set touched_at = moment, reminded_at = null, reminds_at = moment + baton.minutes(ladder, 'remind_after_minutes'),
        lapses_at = moment + baton.minutes(ladder, 'lapse_after_minutes')
    where x.id = e.id returning x.* into e;
    events := events || row('team:' || e.team_id, 'escalation.touched', jsonb_build_object('id', e.id,
      'touched_at', baton.instant(e.touched_at), 'lapses_at', baton.instant(e.lapses_at)))::baton.new_event;
  end loop;
  return events;
end
$$;

-- Whoever writes in the chat has done with its suggested steps. The chat is held.
create function baton.note_message(chat public.chats)
returns baton.new_event[] language plpgsql set search_path = '' as $$
declare
  caller constant uuid := baton.caller();
  e public.escalations;
begin
  select x.* into e from public.escalations x where x.chat_id = chat.id order by x.raised_at desc limit 1;
  if e.id is null then return '{}'; end if;
  return baton.touch_claims(chat.project_id) || case
    when (e.state = 'claimed' and e.claimed_by = caller) or (e.state = 'returned' and e.for_user = caller)
    then baton.dismiss(e, caller) end;
end
$$;

-- Null when there was nothing new to read.
create function baton.read_by(e public.escalations, reader uuid)
returns baton.new_event language plpgsql set search_path = '' as $$
declare
  moment constant timestamptz := clock_timestamp();
begin
  if reader is null then return null; end if;
  insert into public.escalation_marks as m (escalation_id, user_id, read_at) values (e.id, reader, moment)
  on conflict on constraint escalation_marks_pkey do update set read_at = excluded.read_at
  where m.read_at is null or m.read_at < e.news_at;
  if not found then return null; end if;
  return row('user:' || reader, 'escalation.read',
    jsonb_build_object('id', e.id, 'read_at', baton.instant(moment)))::baton.new_event;
end
$$;

create function baton.dismiss(e public.escalations, person uuid)
returns baton.new_event language plpgsql set search_path = '' as $$
declare
  moment constant timestamptz := clock_timestamp();
begin
  insert into public.escalation_marks as m (escalation_id, user_id, dismissed_at) values (e.id, person, moment)
  on conflict on constraint escalation_marks_pkey do update set dismissed_at = excluded.dismissed_at
  where m.dismissed_at is null;
  if not found then return null; end if;
  return row('user:' || person, 'escalation.dismissed',
    jsonb_build_object('id', e.id, 'dismissed_at', baton.instant(moment)))::baton.new_event;
end
$$;

-- For a minute, which whoever goes on looking prolongs. Each is told, since a screen forgets who it has not heard of.
create function baton.look(e public.escalations, looking boolean)
returns baton.new_event language plpgsql set search_path = '' as $$
declare
  caller constant uuid := baton.caller();
  ends constant timestamptz := clock_timestamp() + interval '60 seconds';
begin
  if looking then
    insert into public.escalation_lookers as l (escalation_id, user_id, team_id, until)
    values (e.id, caller, e.team_id, ends)
    on conflict on constraint escalation_lookers_pkey do update set until = excluded.until
    where l.until < ends - interval '15 seconds';
  else
    delete from public.escalation_lookers l where l.escalation_id = e.id and l.user_id = caller;
  end if;
  if not found then return null; end if;
  return row('team:' || e.team_id, 'escalation.looked', jsonb_build_object('id', e.id, 'user_id', caller,
    'display_name', baton.person_name(caller), 'until', case when looking then baton.instant(ends) end))::baton.new_event;
end
$$;

-- The bells, in the order of their locks. What a person was told last of an escalation is all that they need to be told:
-- an unread one is written over.
create function baton.tell(tellings baton.telling[])
returns baton.new_event[] language plpgsql set search_path = '' as $$
begin
  return array(
    select baton.notify(last.user_id, last.team_id, last.kind, last.title, last.body, '/escalations/' || last.escalation_id,
      jsonb_build_object('escalation_id', e.id, 'chat_id', e.chat_id, 'project_id', e.project_id, 'priority', e.priority),
      'escalation:' || last.escalation_id)
    from (
      select distinct on (t.user_id, t.escalation_id) t.*
      from unnest(tellings) with ordinality
        t (user_id, escalation_id, team_id, kind, title, body, position)
      where t.user_id is not null
      order by t.user_id, t.escalation_id, t.position desc
    ) last
    join public.escalations e on e.id = last.escalation_id
    order by last.user_id, 'escalation:' || last.escalation_id
  );
end
$$;

-- Somebody has it, or nobody needs to: who was called and has not looked yet is not called any more.
create function baton.clear_bells(e public.escalations)
returns baton.new_event[] language plpgsql set search_path = '' as $$
begin
  return array(
    select baton.mark_notifications_read(called.user_id, array[called.id])
    from (
      select n.user_id, n.id from public.memberships m join public.notifications n on n.user_id = m.user_id
      where m.team_id = e.team_id and n.group_key = 'escalation:' || e.id and n.read_at is null order by n.user_id
    ) called
  );
end
$$;

-- Run by `tick`, with the time as tests want it. It waits for nobody: what is locked is looked at a second later.
-- Answers how many claims lapsed.
create function baton.sweep_escalations(moment timestamptz default clock_timestamp())
returns baton.swept language plpgsql set search_path = '' as $$
declare
  asked constant baton.climb := baton.raise_questions(moment);
  silent constant baton.climb := baton.sweep_claims(moment);
  waiting constant baton.climb := baton.sweep_queue(moment);
  lapsed bigint;
begin
  select count(*) into lapsed from unnest(silent.events) event
  where event.kind = 'escalation.event' and event.payload ->> 'kind' = 'lapsed';
  delete from public.escalation_lookers l where l.until < moment - interval '1 minute';
  if baton.assessments_wait(moment) then perform public.wake('assess'); end if;
  return row(lapsed, asked.events || silent.events || waiting.events
    || baton.tell(asked.tellings || silent.tellings || waiting.tellings));
end
$$;

-- A claim whose holder left the team, or may not hold it any more, lapses at once.
create function baton.sweep_claims(moment timestamptz)
returns baton.climb language plpgsql set search_path = '' as $$
declare
  e public.escalations;
  swept baton.climb := row('{}'::baton.new_event[], '{}'::baton.telling[]);
  one baton.climb;
begin
  for e in
    select x.* from public.escalations x
    where x.state = 'claimed' and (x.lapses_at <= moment or x.reminds_at <= moment or not exists (
      select from public.memberships m where m.team_id = x.team_id and m.user_id = x.claimed_by and m.role >= 'senior'))
    order by x.lapses_at limit 50 for no key update skip locked
  loop
    if e.lapses_at > moment and e.reminds_at <= moment and baton.may_hold(e) then
      one := baton.remind(e, moment);
    elsif e.lapses_at <= moment or not baton.may_hold(e) then
      one := baton.lapse(e, moment);
    else
      continue;
    end if;
    swept := row(swept.events || one.events, swept.tellings || one.tellings);
  end loop;
  return swept;
end
$$;

create function baton.may_hold(e public.escalations)
returns boolean language sql stable set search_path = '' as $$
  select exists (
    select from public.memberships m where m.team_id = e.team_id and m.user_id = e.claimed_by and m.role >= 'senior')
$$;

create function baton.remind(e public.escalations, moment timestamptz)
returns baton.climb language plpgsql set search_path = '' as $$
begin
  update public.escalations x set reminded_at = moment, reminds_at = null where x.id = e.id returning x.* into e;
  return row(
    array[baton.escalation_event(e),
      baton.record(e, 'reminded', null, jsonb_build_object('to_id', e.claimed_by, 'to_name', baton.person_name(e.claimed_by)))],
    array[row(e.claimed_by, e.id, e.team_id, 'escalation.reminder', 'Are you still on this?',
      format('Your claim goes back to the queue at %s UTC unless you go on. %s',
        to_char(e.lapses_at at time zone 'UTC', 'HH24:MI'), e.reason))::baton.telling]);
end
$$;

create function baton.lapse(e public.escalations, moment timestamptz)
returns baton.climb language plpgsql set search_path = '' as $$
declare
  holder constant uuid := e.claimed_by;
  told constant jsonb := jsonb_build_object('from_id', holder, 'from_name', baton.person_name(holder),
    'claimed_at', baton.instant(e.claimed_at), 'touched_at', baton.instant(e.touched_at));
  climbed baton.climb;
begin
  e := baton.reopen(e, 'lapsed');
  climbed := baton.climb_levels(e, greatest(moment, clock_timestamp()), 'lapsed');
  return row(
    baton.record(e, 'lapsed', null, told) || climbed.events,
    array(
      select row(told_too, e.id, e.team_id, 'escalation.lapsed', 'A claim has lapsed', e.reason)::baton.telling
      from unnest(array[holder, e.raised_by, e.for_user]) told_too
    ) || climbed.tellings);
end
$$;

create function baton.sweep_queue(moment timestamptz)
returns baton.climb language plpgsql set search_path = '' as $$
declare
  e public.escalations;
  swept baton.climb := row('{}'::baton.new_event[], '{}'::baton.telling[]);
  one baton.climb;
begin
  for e in
    select x.* from public.escalations x
    where x.state = 'open' and x.next_level_at <= moment
    order by x.next_level_at limit 50 for no key update skip locked
  loop
    one := baton.climb_levels(e, moment, 'ladder');
    swept := row(swept.events || one.events, swept.tellings || one.tellings);
  end loop;
  return swept;
end
$$;

-- Questions of waiting runs that nobody answered for as long as the team says, once each.
create function baton.raise_questions(moment timestamptz)
returns baton.climb language plpgsql set search_path = '' as $$
declare
  question record;
  raised baton.new_event[] := '{}';
begin
  for question in
    select q.id, q.chat_id, q.run_id, q.prompt
    from public.questions q
    join public.runs r on r.id = q.run_id and r.state = 'waiting'
    join public.chats c on c.id = q.chat_id and c.archived_at is null
    where q.state = 'open'
      and q.created_at + baton.minutes(baton.ladder_of(r.team_id), 'question_after_minutes') <= moment
      and not exists (select from public.escalations e where e.question_id = q.id)
      and not exists (select from public.escalations e where e.chat_id = q.chat_id and e.state in ('open', 'claimed'))
    order by q.created_at limit 20
    for no key update of c, r skip locked
  loop
    raised := raised || baton.raise_escalation(question.chat_id, 'question',
      coalesce('Nobody has answered: ' || (question.prompt ->> 'question'), 'Nobody has answered a question of the agent.'),
      'normal', null, jsonb_build_object('question_id', question.id, 'prompt', question.prompt), question.run_id);
  end loop;
  return row(raised, '{}'::baton.telling[]);
end
$$;
