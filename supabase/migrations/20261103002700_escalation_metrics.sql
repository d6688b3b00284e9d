-- How fast escalations are answered, for admins and owners. Percentiles are those that occurred, as of `percentile_disc`: a
-- number that somebody really waited. What keeps it fast at 100,000: an index that holds every column that is needed, so
-- that the rows with their texts are not read; one pass over it for all ways of grouping; lists of numbers sorted as such;
-- and the time zone set for the session meanwhile, since `at time zone` looks its name up for each row.
create extension if not exists intarray with schema extensions;

create index measured_escalations on public.escalations (team_id, raised_at)
include (state, source, project_id, cause_key, claimed_by, seconds_to_claim, seconds_to_close, lapses, closed_at,
  assessment_was_right, assessment_confidence);
create index closed_escalations_by_time on public.escalations (team_id, closed_at) include (raised_at, project_id, cause_key, claimed_by)
where closed_at is not null;

create function public.escalation_metrics(
  team_id uuid, "from" timestamptz, "to" timestamptz, person uuid default null, cause text default null,
  project_id uuid default null, time_zone text default 'UTC'
)
returns jsonb language plpgsql stable security definer set search_path = '' set work_mem = '32MB' set jit = off as $$
declare
  zone constant text := coalesce(escalation_metrics.time_zone, 'UTC');
  step constant text := baton.step_of(escalation_metrics."from", escalation_metrics."to");
  zone_before constant text := current_setting('TimeZone');
  groups jsonb;
  over_time jsonb;
begin
  perform baton.require_reader(escalation_metrics.team_id), baton.require_range(escalation_metrics."from", escalation_metrics."to", zone);
  perform set_config('TimeZone', zone, true);
  groups := baton.measured(escalation_metrics.team_id, "from", "to", person, cause, project_id);
  over_time := baton.backlog(escalation_metrics.team_id, "from", "to", person, cause, project_id, step);
  perform set_config('TimeZone', zone_before, true);
  return jsonb_build_object('from', baton.instant("from"), 'to', baton.instant("to"), 'step', step,
    'over_time', over_time,
    'by_person', baton.labelled(groups -> 'person', 'person', escalation_metrics.team_id),
    'by_cause', baton.labelled(groups -> 'cause', 'cause', escalation_metrics.team_id),
    'by_project', baton.labelled(groups -> 'project', 'project', escalation_metrics.team_id),
    'by_hour', baton.labelled(groups -> 'hour', 'hour', escalation_metrics.team_id),
    'by_source', baton.labelled(groups -> 'source', 'source', escalation_metrics.team_id),
    'assessment', baton.judged_json(coalesce(groups -> 'confidence', '[]')))
    || (groups -> 'all' -> 0) - 'key';
end
$$;
revoke all on function public.escalation_metrics(uuid, timestamptz, timestamptz, uuid, text, uuid, text)
from public, anon, authenticated, service_role;
grant execute on function public.escalation_metrics(uuid, timestamptz, timestamptz, uuid, text, uuid, text) to authenticated;

create function baton.require_reader(team_id uuid)
returns void language plpgsql stable set search_path = '' as $$
begin
  perform baton.role_of_reader(require_reader.team_id), baton.require_senior(require_reader.team_id, 'admin');
end
$$;

create function baton.require_range("from" timestamptz, "to" timestamptz, zone text)
returns void language plpgsql stable set search_path = '' as $$
begin
  if "from" is null or "to" is null or "from" >= "to" or "to" - "from" > interval '1830 days' then
    perform baton.refuse('BT004', 'This is no period of time.', 'Give a beginning and a later end, at most five years apart.',
      '{"field": "to"}');
  end if;
  if baton.is_time_zone(zone) then return; end if;
  perform baton.refuse('BT004', 'There is no such time zone.', 'Name one like Europe/Berlin.', '{"field": "time_zone"}');
end
$$;

create function baton.step_of("from" timestamptz, "to" timestamptz)
returns text language sql immutable set search_path = '' as $$
  select case when "to" - "from" <= interval '3 days' then 'hour' when "to" - "from" <= interval '120 days' then 'day' else 'week' end
$$;

-- Those that are measured. Without a search path of its own, so that the planner sees through it to the index.
create function baton.measured_escalations(
  team_id uuid, "from" timestamptz, "to" timestamptz, person uuid, cause text, project_id uuid
)
returns setof public.escalations language sql stable as $$
  select e.* from public.escalations e
  where e.team_id = measured_escalations.team_id
    and e.raised_at >= measured_escalations."from" and e.raised_at < measured_escalations."to"
    and (measured_escalations.person is null or e.claimed_by = measured_escalations.person)
    and (measured_escalations.cause is null or e.cause_key = lower(measured_escalations.cause))
    and (measured_escalations.project_id is null or e.project_id = measured_escalations.project_id)
$$;

-- Of what was waited for, in order.
create function baton.spread_json(waits integer[])
returns jsonb language sql immutable set search_path = '' as $$
  select jsonb_build_object('count', coalesce(cardinality(waits), 0),
    'median_s', waits[ceil(cardinality(waits) * 0.5)], 'p90_s', waits[ceil(cardinality(waits) * 0.9)])
$$;

-- How often the assessment was right, of those where somebody said so, by how sure it was.
create function baton.judged_json(lines jsonb)
returns jsonb language sql immutable set search_path = '' as $$
  select jsonb_build_object('answered', coalesce(sum(j.answered), 0), 'right', coalesce(sum(j."right"), 0),
    'share', round(sum(j."right") / nullif(sum(j.answered), 0), 4),
    'by_confidence', coalesce(jsonb_agg(jsonb_build_object('confidence', j.key, 'answered', j.answered, 'right', j."right")
      order by j.key::public.confidence) filter (where j.key is not null and j.answered > 0), '[]'))
  from jsonb_to_recordset(lines) j (key text, answered bigint, "right" bigint)
$$;

-- Every way of grouping in one pass over the index, by hashing. What nobody claimed has no person, what was not resolved
-- no cause. Percentiles within groups would have the rows sorted for each way of grouping and again for each percentile;
-- so what was waited for is gathered instead, and these lists of numbers are sorted by the extension `intarray`, which
-- takes an eighth of the time.
create function baton.measured(
  team_id uuid, "from" timestamptz, "to" timestamptz, person uuid, cause text, project_id uuid
)
returns jsonb language sql stable set search_path = '' as $$
  with those as (
    select e.source collate "C" as source, e.claimed_by as person, e.project_id as project, e.cause_key as cause,
      date_part('hour', e.raised_at) as hour, e.assessment_confidence as confidence, e.seconds_to_claim as claim_s,
      case when e.state = 'resolved' then e.seconds_to_close end as resolve_s,
      case when e.state = 'returned' then 1 end as returned, case when e.state = 'cancelled' then 1 end as cancelled,
      case when e.state in ('open', 'claimed') then 1 end as open, case when e.lapses > 0 then 1 end as lapsed,
      e.assessment_was_right as answered, case when e.assessment_was_right then 1 end as "right"
    from baton.measured_escalations(measured.team_id, measured."from", measured."to", measured.person, measured.cause,
      measured.project_id) e
  ),
  counted as (
    select case grouping(t.person, t.cause, t.project, t.hour, t.source, t.confidence)
        when 63 then 'all' when 31 then 'person' when 47 then 'cause' when 55 then 'project' when 59 then 'hour'
        when 61 then 'source' else 'confidence' end as dimension,
      coalesce(t.person::text, t.cause, t.project::text, t.hour::text, t.source, t.confidence::text) as key,
      count(*) as raised, count(t.claim_s) as claimed, count(t.resolve_s) as resolved, count(t.returned) as returned,
      count(t.cancelled) as cancelled, count(t.open) as open, count(t.lapsed) as lapsed,
      count(t.answered) as answered, count(t."right") as "right",
      extensions.sort_asc(array_agg(t.claim_s) filter (where t.claim_s is not null)) as to_claim,
      extensions.sort_asc(array_agg(t.resolve_s) filter (where t.resolve_s is not null)) as to_resolve
    from those t
    group by grouping sets ((), (t.person), (t.cause), (t.project), (t.hour), (t.source), (t.confidence))
  ),
  lines as (
    select c.dimension, c.raised, c.key, case when c.dimension = 'confidence'
      then jsonb_build_object('key', c.key, 'answered', c.answered, 'right', c."right")
      else jsonb_build_object('key', c.key, 'raised', c.raised, 'claimed', c.claimed,
        'resolved', c.resolved, 'returned', c.returned, 'cancelled', c.cancelled, 'open', c.open, 'lapsed', c.lapsed,
        'to_claim', baton.spread_json(c.to_claim), 'to_resolve', baton.spread_json(c.to_resolve),
        'lapse_rate', round(c.lapsed::numeric / nullif(c.claimed, 0), 4),
        'return_rate', round(c.returned::numeric / nullif(c.resolved + c.returned, 0), 4)) end as line
    from counted c where c.dimension in ('all', 'confidence') or c.key is not null
  )
  select jsonb_object_agg(grouped.dimension, grouped.lines) from (
    select l.dimension, jsonb_agg(l.line order by l.raised desc, l.key) as lines from lines l group by l.dimension
  ) grouped
$$;

-- With the names that people know them by; hours in their order, the rest by how many.
create function baton.labelled(lines jsonb, dimension text, team_id uuid)
returns jsonb language plpgsql stable set search_path = '' as $$
begin
  return coalesce((
    select jsonb_agg(l.line || jsonb_build_object('label', coalesce(
      case dimension
        when 'person' then baton.person_name((l.line ->> 'key')::uuid)
        when 'project' then (select p.name from public.projects p where p.id = (l.line ->> 'key')::uuid)
        when 'cause' then (select e.cause from public.escalations e
          where e.team_id = labelled.team_id and e.closed_at is not null and e.cause_key = l.line ->> 'key'
          order by e.closed_at desc limit 1)
        when 'hour' then to_char((l.line ->> 'key')::integer, 'FM00') || ':00'
      end, l.line ->> 'key'))
      order by case when dimension = 'hour' then (l.line ->> 'key')::integer end, l.position)
    from jsonb_array_elements(lines) with ordinality l (line, position)
  ), '[]');
end
$$;

-- How many were raised and closed in each step, and how many were open or claimed at its end: those before the first, and
-- the sum of what came and went since. Each step is looked up in the index, which costs less than finding the step of each
-- row.
create function baton.backlog(
  team_id uuid, "from" timestamptz, "to" timestamptz, person uuid, cause text, project_id uuid, step text
)
returns jsonb language sql stable set search_path = '' as $$
  with steps as (
    select greatest(backlog."from", s.start) as start, least(backlog."to", lead(s.start, 1, 'infinity') over (order by s.start)) as ends
    from generate_series(date_trunc(backlog.step, backlog."from"), backlog."to" - interval '1 microsecond',
      ('1 ' || backlog.step)::interval) s (start)
  ),
  before as (
    select count(*) as open from public.escalations e
    where e.team_id = backlog.team_id and e.raised_at < backlog."from"
      and (e.closed_at is null or e.closed_at >= backlog."from")
      and (backlog.person is null or e.claimed_by = backlog.person)
      and (backlog.cause is null or e.cause_key = lower(backlog.cause))
      and (backlog.project_id is null or e.project_id = backlog.project_id)
  )
  select coalesce(jsonb_agg(jsonb_build_object('at', baton.instant(p.ends), 'raised', p.raised, 'closed', p.closed,
    'backlog', p.open + p.came - p.went) order by p.start), '[]')
  from (
    select s.start, s.ends, came.raised, went.closed, before.open,
      sum(came.raised) over w as came, sum(went.closed) over w as went
    from steps s cross join before
    cross join lateral (
      select count(*) as raised
      from baton.measured_escalations(backlog.team_id, s.start, s.ends, backlog.person, backlog.cause, backlog.project_id)
    ) came
    cross join lateral (
      select count(*) as closed from public.escalations e
      where e.team_id = backlog.team_id and e.closed_at >= s.start and e.closed_at < s.ends
        and (backlog.person is null or e.claimed_by = backlog.person)
        and (backlog.cause is null or e.cause_key = lower(backlog.cause))
        and (backlog.project_id is null or e.project_id = backlog.project_id)
    ) went
    window w as (order by s.start)
  ) p
$$;
