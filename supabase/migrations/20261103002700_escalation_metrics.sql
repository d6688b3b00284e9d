-- How fast escalations are answered, for admins and owners. Percentiles are those that occurred (`percentile_disc`): a
-- number that somebody really waited. What keeps it fast at 100,000: an index that holds every column that is needed, so
-- that the rows with their texts are not read; names compared by bytes, which sort many times faster than by language;
-- and the time zone set for the session meanwhile, since `at time zone` looks its name up for each row.
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
    'assessment', groups -> 'assessment')
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

create function baton.spread_json(spread integer[], count bigint)
returns jsonb language sql immutable set search_path = '' as $$
  select jsonb_build_object('count', count, 'median_s', spread[1], 'p90_s', spread[2])
$$;

-- How often the assessment was right, of those where somebody said so, by how sure it was.
create type baton.judgement as (confidence public.confidence, answered bigint, "right" bigint);

create function baton.judged_json(judgements baton.judgement[])
returns jsonb language sql immutable set search_path = '' as $$
  select jsonb_build_object('answered', coalesce(sum(j.answered), 0), 'right', coalesce(sum(j."right"), 0),
    'share', round(sum(j."right") / nullif(sum(j.answered), 0), 4),
    'by_confidence', coalesce(jsonb_agg(jsonb_build_object('confidence', j.confidence, 'answered', j.answered, 'right', j."right")
      order by j.confidence) filter (where j.confidence is not null), '[]'))
  from unnest(judgements) j
$$;

-- Every way of grouping at once. What nobody claimed has no person, what was not resolved no cause.
create function baton.measured(
  team_id uuid, "from" timestamptz, "to" timestamptz, person uuid, cause text, project_id uuid
)
returns jsonb language sql stable set search_path = '' as $$
  with those as materialized (
    select e.state, e.source collate "C" as source, e.claimed_by as person, e.project_id as project, e.cause_key as cause,
      extract(hour from e.raised_at)::integer as hour, e.seconds_to_claim as claim_s, e.lapses,
      e.assessment_was_right as was_right, e.assessment_confidence as confidence,
      case when e.state = 'resolved' then e.seconds_to_close end as resolve_s
    from baton.measured_escalations(measured.team_id, measured."from", measured."to", measured.person, measured.cause,
      measured.project_id) e
  ),
  counted as (
    select case grouping(t.person, t.cause, t.project, t.hour, t.source)
        when 31 then 'all' when 15 then 'person' when 23 then 'cause' when 27 then 'project' when 29 then 'hour'
        else 'source' end as dimension,
      coalesce(t.person::text, t.cause, t.project::text, t.hour::text, t.source) as key,
      count(*) as raised, count(t.claim_s) as claimed, count(t.resolve_s) as resolved,
      count(*) filter (where t.state = 'returned') as returned, count(*) filter (where t.state = 'cancelled') as cancelled,
      count(*) filter (where t.state in ('open', 'claimed')) as open, count(*) filter (where t.lapses > 0) as lapsed,
      percentile_disc(array[0.5, 0.9]) within group (order by t.claim_s) as to_claim,
      percentile_disc(array[0.5, 0.9]) within group (order by t.resolve_s) as to_resolve
    from those t
    group by grouping sets ((), (t.person), (t.cause), (t.project), (t.hour), (t.source))
  ),
  lines as (
    select c.dimension, c.raised, c.key, jsonb_build_object('key', c.key, 'raised', c.raised, 'claimed', c.claimed,
      'resolved', c.resolved, 'returned', c.returned, 'cancelled', c.cancelled, 'open', c.open, 'lapsed', c.lapsed,
      'to_claim', baton.spread_json(c.to_claim, c.claimed), 'to_resolve', baton.spread_json(c.to_resolve, c.resolved),
      'lapse_rate', round(c.lapsed::numeric / nullif(c.claimed, 0), 4),
      'return_rate', round(c.returned::numeric / nullif(c.resolved + c.returned, 0), 4)) as line
    from counted c where c.dimension = 'all' or c.key is not null
  )
  select jsonb_object_agg(grouped.dimension, grouped.lines) || jsonb_build_object('assessment', (
    select baton.judged_json(array_agg(row(j.confidence, j.answered, j."right")::baton.judgement)) from (
      select t.confidence, count(*) as answered, count(*) filter (where t.was_right) as "right"
      from those t where t.was_right is not null group by t.confidence
    ) j
  ))
  from (
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
-- the sum of what came and went since.
create function baton.backlog(
  team_id uuid, "from" timestamptz, "to" timestamptz, person uuid, cause text, project_id uuid, step text
)
returns jsonb language sql stable set search_path = '' as $$
  with steps as (
    select s.start, least(backlog."to", lead(s.start, 1, 'infinity') over (order by s.start)) as ends
    from generate_series(date_trunc(backlog.step, backlog."from"), backlog."to" - interval '1 microsecond',
      ('1 ' || backlog.step)::interval) s (start)
  ),
  came as (
    select date_trunc(backlog.step, e.raised_at) as start, count(*) as raised
    from baton.measured_escalations(backlog.team_id, backlog."from", backlog."to", backlog.person, backlog.cause, backlog.project_id) e
    group by 1
  ),
  went as (
    select date_trunc(backlog.step, e.closed_at) as start, count(*) as closed
    from public.escalations e
    where e.team_id = backlog.team_id and e.closed_at >= backlog."from" and e.closed_at < backlog."to"
      and (backlog.person is null or e.claimed_by = backlog.person)
      and (backlog.cause is null or e.cause_key = lower(backlog.cause))
      and (backlog.project_id is null or e.project_id = backlog.project_id)
    group by 1
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
    select s.start, s.ends, coalesce(came.raised, 0) as raised, coalesce(went.closed, 0) as closed, before.open,
      sum(coalesce(came.raised, 0)) over w as came, sum(coalesce(went.closed, 0)) over w as went
    from steps s cross join before left join came on came.start = s.start left join went on went.start = s.start
    window w as (order by s.start)
  ) p
$$;
