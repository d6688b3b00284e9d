-- The ladder of a team: who is told of an escalation that nobody claims, after how many minutes and how, and when nobody
-- is to be told. Levels are counted from when it began to wait: it is raised, released or lapses, and the ladder begins
-- anew. What falls into the quiet hours is told at their end.
create table public.ladders (
  team_id uuid primary key references public.teams on delete cascade,
  ladder jsonb not null,
  changed_by uuid,
  changed_at timestamptz not null default clock_timestamp()
);
alter table public.ladders enable row level security;
revoke all on public.ladders from public, anon, authenticated, service_role;
grant select on public.ladders to authenticated, service_role;
create policy "members read the ladders of their teams" on public.ladders
for select to authenticated using (team_id in (select baton.my_teams()));

-- What a person is to be told. They are gathered and told at the end, by `baton.tell`, in the order of locks.
create type baton.telling as (user_id uuid, escalation_id uuid, team_id uuid, kind text, title text, body text);
create type baton.climb as (events baton.new_event[], tellings baton.telling[]);

create function baton.default_ladder()
returns jsonb language sql immutable set search_path = '' as $$
  select '{
    "levels": [
      {"after_minutes": 0, "roles": ["senior", "admin", "owner"], "people": [], "by": ["bell"]},
      {"after_minutes": 10, "roles": ["senior", "admin", "owner"], "people": [], "by": ["bell", "mail"]},
      {"after_minutes": 30, "roles": ["admin", "owner"], "people": [], "by": ["bell", "mail"]}
    ],
    "quiet": null,
    "remind_after_minutes": 10,
    "lapse_after_minutes": 20,
    "question_after_minutes": 30
  }'::jsonb
$$;

create function baton.ladder_of(team_id uuid)
returns jsonb language plpgsql stable set search_path = '' as $$
begin
  return coalesce((select l.ladder from public.ladders l where l.team_id = ladder_of.team_id), baton.default_ladder());
end
$$;

create function baton.minutes(ladder jsonb, setting text)
returns interval language sql immutable set search_path = '' as $$
  select make_interval(mins => (ladder ->> setting)::integer)
$$;

create function public.set_ladder(team_id uuid, ladder jsonb)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  clean jsonb;
begin
  perform baton.lock_team_to_run_it(set_ladder.team_id);
  clean := baton.valid_ladder(set_ladder.team_id, set_ladder.ladder);
  insert into public.ladders as l (team_id, ladder, changed_by)
  values (set_ladder.team_id, clean, baton.caller())
  on conflict on constraint ladders_pkey do update
  set ladder = excluded.ladder, changed_by = excluded.changed_by, changed_at = excluded.changed_at;
  perform public.append_event('team:' || set_ladder.team_id, 'ladder.changed', clean);
  return clean;
end
$$;

-- What would happen to an escalation that is raised at `at` and that nobody claims.
create function public.preview_ladder(
  team_id uuid, ladder jsonb default null, priority text default 'normal', at timestamptz default null
)
returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare
  since constant timestamptz := coalesce(preview_ladder.at, now());
  plan jsonb;
begin
  perform baton.role_of_reader(preview_ladder.team_id), baton.require_priority(priority);
  plan := case when preview_ladder.ladder is null then baton.ladder_of(preview_ladder.team_id)
    else baton.valid_ladder(preview_ladder.team_id, preview_ladder.ladder) end;
  return to_jsonb(array(
    select jsonb_build_object('level', step.position - 1, 'after_minutes', (step.level ->> 'after_minutes')::integer,
      'at', baton.instant(due.moment),
      'delayed', due.moment > since + make_interval(mins => (step.level ->> 'after_minutes')::integer),
      'by', step.level -> 'by', 'people', array(
        select jsonb_build_object('user_id', p.user_id, 'display_name', p.display_name)
        from baton.people_of_level(preview_ladder.team_id, step.level) who
        join public.profiles p on p.user_id = who order by p.display_name, p.user_id
      ))
    from jsonb_array_elements(plan -> 'levels') with ordinality step (level, position)
    cross join lateral (
      select baton.level_due(plan, (step.position - 1)::integer, since, preview_ladder.priority) as moment
    ) due
    order by step.position
  ));
end
$$;

revoke all on function public.set_ladder(uuid, jsonb), public.preview_ladder(uuid, jsonb, text, timestamptz)
from public, anon, authenticated, service_role;
grant execute on function public.set_ladder(uuid, jsonb), public.preview_ladder(uuid, jsonb, text, timestamptz)
to authenticated;

-- As `role_of_member`, for functions that only read.
create function baton.role_of_reader(team_id uuid)
returns public.team_role language plpgsql stable set search_path = '' as $$
declare
  role constant public.team_role := baton.role_in_team(role_of_reader.team_id);
begin
  if role is not null then return role; end if;
  perform baton.refuse('BT003', 'There is no such team, or you may not see it.', 'Open the list of your teams again.');
end
$$;

-- When the level is told, or null when there is no such level.
create function baton.level_due(ladder jsonb, level integer, since timestamptz, priority text)
returns timestamptz language plpgsql stable set search_path = '' as $$
begin
  return baton.after_quiet(
    since + make_interval(mins => (ladder -> 'levels' -> level ->> 'after_minutes')::integer), ladder -> 'quiet', priority);
end
$$;

-- The first moment that is not quiet, at or after this one. Hours are those of the clock on the wall, which summer time
-- moves: so the end is looked for on the wall too.
create function baton.after_quiet(moment timestamptz, quiet jsonb, priority text)
returns timestamptz language plpgsql stable set search_path = '' as $$
declare
  zone constant text := quiet ->> 'time_zone';
  starts constant time := (quiet ->> 'from')::time;
  ends constant time := (quiet ->> 'to')::time;
  wall constant timestamp := moment at time zone zone;
begin
  if quiet is null or quiet = 'null' or (priority = 'urgent' and (quiet ->> 'urgent_breaks')::boolean)
    or not baton.is_within(wall::time, starts, ends) then return moment; end if;
  return greatest(moment, (wall::date + ends + case when wall::time < ends then interval '0' else interval '1 day' end)
    at time zone zone);
end
$$;

create function baton.is_within(at time, starts time, ends time)
returns boolean language sql immutable set search_path = '' as $$
  select case when starts <= ends then at >= starts and at < ends else at >= starts or at < ends end
$$;

create function baton.people_of_level(team_id uuid, level jsonb)
returns setof uuid language sql stable set search_path = '' as $$
  select m.user_id from public.memberships m
  where m.team_id = people_of_level.team_id and (level -> 'roles' ? m.role::text or level -> 'people' ? m.user_id::text)
$$;

-- Tells every level whose time has come, and notes when the next one is. The escalation is open and held; `kind` is what
-- just happened to it. Answers what is told as events, the card among them.
create function baton.climb(e public.escalations, moment timestamptz, kind text default 'ladder')
returns baton.new_event[] language plpgsql set search_path = '' as $$
declare
  climbed baton.climb := baton.climb_levels(e, moment, kind);
begin
  return climbed.events || baton.tell(climbed.tellings);
end
$$;

create function baton.climb_levels(e public.escalations, moment timestamptz, kind text)
returns baton.climb language plpgsql set search_path = '' as $$
declare
  ladder constant jsonb := baton.ladder_of(e.team_id);
  climbed baton.climb;
  due timestamptz;
  level jsonb;
begin
  climbed := row('{}'::baton.new_event[], '{}'::baton.telling[]);
  loop
    due := baton.level_due(ladder, e.level, e.opened_at, e.priority);
    exit when due is null or due > moment;
    level := ladder -> 'levels' -> e.level;
    climbed.tellings := climbed.tellings || baton.tellings_of_level(e, level, kind);
    climbed.events := climbed.events || baton.record(e, 'levelled', null, jsonb_build_object(
      'level', e.level, 'by', level -> 'by', 'people', (
        select count(*) from baton.people_of_level(e.team_id, level) who where who is distinct from e.raised_by)));
    e.level := e.level + 1;
  end loop;
  update public.escalations x set level = e.level, next_level_at = due where x.id = e.id returning x.* into e;
  climbed.events := baton.escalation_event(e) || climbed.events;
  return climbed;
end
$$;

-- Not to who raised it: they know.
create function baton.tellings_of_level(e public.escalations, level jsonb, kind text)
returns baton.telling[] language plpgsql set search_path = '' as $$
declare
  title constant text := case kind
    when 'raised' then coalesce(baton.person_name(e.raised_by), 'An agent') || ' needs help'
    when 'released' then 'Back in the queue'
    when 'lapsed' then 'A claim has lapsed'
    else 'Nobody has taken this yet' end
    || case e.priority when 'urgent' then ' (urgent)' when 'high' then ' (high priority)' else '' end;
begin
  if level -> 'by' ? 'mail' then perform baton.mail_level(e, level, title); end if;
  if not level -> 'by' ? 'bell' then return '{}'; end if;
  return array(
    select row(who, e.id, e.team_id, 'escalation.' || kind, title, e.reason)::baton.telling
    from baton.people_of_level(e.team_id, level) who where who is distinct from e.raised_by
  );
end
$$;

create function baton.mail_level(e public.escalations, level jsonb, title text)
returns void language plpgsql set search_path = '' as $$
declare
  url constant text := baton.setting('app_url') || '/escalations/' || e.id;
  project constant text := (select p.name from public.projects p where p.id = e.project_id);
  minutes constant integer := greatest(extract(epoch from clock_timestamp() - e.opened_at)::integer / 60, 0);
  lines constant text[] := array[
    e.reason, format('Project: %s', project), format('Priority: %s', e.priority),
    format('It has waited for %s minutes.', minutes),
    case when url is not null then 'Open it: ' || url else 'Open the escalation desk in Baton.' end];
begin
  perform baton.queue_mail(p.email, baton.shortened(format('%s: %s', title, e.reason), 150), array_to_string(lines, E'\n\n'),
    baton.mail_html(lines, url))
  from baton.people_of_level(e.team_id, level) who join public.profiles p on p.user_id = who
  where who is distinct from e.raised_by and p.email <> '';
end
$$;

create function baton.mail_html(lines text[], url text)
returns text language sql immutable set search_path = '' as $$
  select string_agg('<p>' || case when url is not null and line like '%' || url
    then format('<a href="%s">Open it in Baton</a>', baton.as_html(url)) else baton.as_html(line) end || '</p>', '' order by position)
  from unnest(lines) with ordinality l (line, position)
$$;

-- The shape that is stored: nothing that is not known, everything that is needed.
create function baton.valid_ladder(team_id uuid, typed jsonb)
returns jsonb language plpgsql stable set search_path = '' as $$
declare
  levels jsonb;
  count integer;
begin
  perform baton.require_setting(jsonb_typeof(typed) = 'object'
    and typed - array['levels', 'quiet', 'remind_after_minutes', 'lapse_after_minutes', 'question_after_minutes'] = '{}',
    'ladder', 'Give levels, quiet, remind_after_minutes, lapse_after_minutes and question_after_minutes, and nothing else.');
  levels := typed -> 'levels';
  perform baton.require_setting(jsonb_typeof(levels) = 'array' and jsonb_array_length(levels) between 1 and 10,
    'levels', 'Give 1 to 10 levels.');
  count := jsonb_array_length(levels);
  for position in 0 .. count - 1 loop
    perform baton.require_level(valid_ladder.team_id, levels, position);
  end loop;
  perform baton.require_quiet(typed -> 'quiet');
  perform baton.require_minutes(typed, 'remind_after_minutes', 1, 10080), baton.require_minutes(typed, 'lapse_after_minutes', 1, 10080);
  perform baton.require_setting((typed ->> 'remind_after_minutes')::integer < (typed ->> 'lapse_after_minutes')::integer,
    'remind_after_minutes', 'The reminder comes before the claim lapses: use fewer minutes than for the lapse.');
  if coalesce(typed -> 'question_after_minutes', 'null') <> 'null' then
    perform baton.require_minutes(typed, 'question_after_minutes', 1, 10080);
  end if;
  return jsonb_build_object('levels', levels, 'quiet', coalesce(typed -> 'quiet', 'null'),
    'remind_after_minutes', typed -> 'remind_after_minutes', 'lapse_after_minutes', typed -> 'lapse_after_minutes',
    'question_after_minutes', coalesce(typed -> 'question_after_minutes', 'null'));
end
$$;

create function baton.require_setting(holds boolean, field text, hint text)
returns void language plpgsql immutable set search_path = '' as $$
begin
  if holds is true then return; end if;
  perform baton.refuse('BT004', 'This ladder cannot be used.', hint, jsonb_build_object('field', field));
end
$$;

create function baton.require_minutes(settings jsonb, setting text, at_least integer, at_most integer, prefix text default '')
returns void language plpgsql immutable set search_path = '' as $$
begin
  perform baton.require_setting(jsonb_typeof(settings -> setting) = 'number'
    and settings ->> setting ~ '^\d{1,5}$' and (settings ->> setting)::integer between at_least and at_most,
    prefix || setting, format('Give a whole number of minutes, from %s to %s.', at_least, at_most));
end
$$;

create function baton.require_level(team_id uuid, levels jsonb, place integer)
returns void language plpgsql stable set search_path = '' as $$
declare
  level constant jsonb := levels -> place;
  prefix constant text := format('levels[%s].', place);
begin
  perform baton.require_setting(jsonb_typeof(level) = 'object' and level - array['after_minutes', 'roles', 'people', 'by'] = '{}',
    format('levels[%s]', place), 'A level has after_minutes, roles, people and by.');
  perform baton.require_minutes(level, 'after_minutes', 0, 10080, prefix);
  perform baton.require_setting(place = 0 or (level ->> 'after_minutes')::integer > (levels -> (place - 1) ->> 'after_minutes')::integer,
    prefix || 'after_minutes', 'Each level comes later than the one before it.');
  perform baton.require_setting(jsonb_typeof(level -> 'roles') = 'array'
    and level -> 'roles' <@ '["member", "senior", "admin", "owner"]', prefix || 'roles', 'Choose from member, senior, admin and owner.');
  perform baton.require_setting(jsonb_typeof(level -> 'people') = 'array' and not exists (
    select from jsonb_array_elements(level -> 'people') person where not exists (
      select from public.memberships m where m.team_id = require_level.team_id and to_jsonb(m.user_id) = person)
  ), prefix || 'people', 'Choose members of this team.');
  perform baton.require_setting(level -> 'roles' <> '[]' or level -> 'people' <> '[]', prefix || 'roles',
    'Choose at least one role or person.');
  perform baton.require_setting(jsonb_typeof(level -> 'by') = 'array' and level -> 'by' <> '[]' and level -> 'by' <@ '["bell", "mail"]',
    prefix || 'by', 'Choose bell, mail, or both.');
end
$$;

create function baton.require_quiet(quiet jsonb)
returns void language plpgsql stable set search_path = '' as $$
begin
  if coalesce(quiet, 'null') = 'null' then return; end if;
  perform baton.require_setting(jsonb_typeof(quiet) = 'object'
    and quiet - array['from', 'to', 'time_zone', 'urgent_breaks'] = '{}', 'quiet', 'Quiet hours have from, to, time_zone and urgent_breaks.');
  perform baton.require_setting(quiet ->> 'from' ~ '^([01]\d|2[0-3]):[0-5]\d$', 'quiet.from', 'Write the time like 22:00.');
  perform baton.require_setting(quiet ->> 'to' ~ '^([01]\d|2[0-3]):[0-5]\d$', 'quiet.to', 'Write the time like 07:00.');
  perform baton.require_setting(quiet ->> 'from' <> quiet ->> 'to', 'quiet.to', 'The quiet hours begin and end at different times.');
  perform baton.require_setting(jsonb_typeof(quiet -> 'urgent_breaks') = 'boolean', 'quiet.urgent_breaks', 'Say true or false.');
  perform baton.require_setting(baton.is_time_zone(quiet ->> 'time_zone'), 'quiet.time_zone', 'Name a time zone like Europe/Berlin.');
end
$$;

-- Only names that browsers know too, not PostgreSQL's abbreviations.
create function baton.is_time_zone(name text)
returns boolean language plpgsql stable set search_path = '' as $$
begin
  if name !~ '^(UTC|[A-Za-z_]+(/[A-Za-z0-9_+-]+)+)$' then return false; end if;
  perform now() at time zone name;
  return true;
exception when invalid_parameter_value then
  return false;
end
$$;
