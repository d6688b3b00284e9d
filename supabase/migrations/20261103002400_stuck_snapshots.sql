-- What was known when an escalation was raised: what was tried, what went wrong, which files changed, what it cost. Taken
-- once, in the transaction that raises it, so that whoever comes sees what the person saw who called. Files are named by
-- their versions, since every version of a file can be read.
create table public.stuck_snapshots (
  escalation_id uuid primary key references public.escalations on delete cascade,
  team_id uuid not null,
  snapshot jsonb not null
);
alter table public.stuck_snapshots enable row level security;
revoke all on public.stuck_snapshots from public, anon, authenticated, service_role;
grant select on public.stuck_snapshots to authenticated, service_role;
create policy "members read the snapshots of their teams' escalations" on public.stuck_snapshots
for select to authenticated using (team_id in (select baton.my_teams()));

create function baton.stuck_snapshot(e public.escalations, run public.runs, facts jsonb)
returns jsonb language plpgsql stable set search_path = '' as $$
declare
  after_version constant bigint := (select t.version from public.trees t where t.project_id = e.project_id);
begin
  return jsonb_build_object('problem', e.reason, 'tried', baton.steps_tried(run), 'steps', (
      select count(*) from public.entries x where x.run_id = run.id and x.state <> 'dropped'
        and x.kind in ('message', 'text', 'notice', 'tool_use')),
    'errors', baton.errors_met(run), 'files', baton.files_touched(run),
    'before_version', coalesce((select min(o.version) - 1 from public.file_operations o where o.run_id = run.id), after_version),
    'after_version', after_version,
    'checkpoint_id', (select c.id from public.checkpoints c where c.project_id = e.project_id order by c.version desc limit 1),
    'preview', baton.preview_of(e.project_id), 'facts', facts)
  || jsonb_build_object('cost_usd', coalesce(run.cost_usd, 0), 'cost_is_partial', coalesce(run.cost_is_partial, false),
    'input_tokens', coalesce(run.input_tokens, 0), 'output_tokens', coalesce(run.output_tokens, 0),
    'turns', (select count(*) from public.turns t where t.run_id = run.id),
    'duration_ms', coalesce(round(extract(epoch from
      coalesce(run.ended_at, e.raised_at) - coalesce(run.started_at, run.created_at)) * 1000), 0),
    'confidence', baton.confidence_at(run, e.source, facts), 'run_state', run.state,
    'run_error', coalesce(run.error, run.fault -> 'error'));
end
$$;

create function baton.steps_tried(run public.runs)
returns jsonb language sql stable set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('at', baton.instant(s.created_at),
    'kind', case s.kind when 'tool_use' then 'tool' else s.kind end, 'name', s.name,
    'input', left(nullif(s.input, '{}')::text, 300), 'text', left(s.said, 600), 'state', s.state,
    'duration_ms', round(extract(epoch from s.ended_at - s.started_at) * 1000), 'author', baton.person_name(s.author))
    order by s.turn, s.index), '[]')
  from (
    select x.created_at, x.kind, x.turn, x.index, x.author, c.name, c.input, c.state, c.started_at, c.ended_at,
      case when x.kind = 'tool_use' then coalesce(c.error ->> 'message', c.result, '')
        when x.state = 'open' then baton.text_of_parts(x.id) else x.text end as said
    from public.entries x left join public.tool_calls c on c.entry_id = x.id
    where x.run_id = run.id and x.state <> 'dropped' and x.kind in ('message', 'text', 'notice', 'tool_use')
    order by x.turn desc, x.index desc limit 60
  ) s
$$;

create function baton.errors_met(run public.runs)
returns jsonb language sql stable set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('at', baton.instant(m.at), 'where', m.place, 'message', m.message)
    order by m.at), '[]')
  from (
    select all_of_them.* from (
      select c.ended_at as at, c.name as place, coalesce(c.error ->> 'message', c.result) as message
      from public.tool_calls c where c.run_id = run.id and c.state = 'error'
      union all
      select t.ended_at, 'model', coalesce(t.error ->> 'message', t.error ->> 'type')
      from public.turns t where t.run_id = run.id and t.error is not null
      union all
      select coalesce(run.ended_at, now()), 'run', coalesce(run.error ->> 'message', run.reason)
      where run.error is not null
    ) all_of_them
    order by at desc limit 30
  ) m
$$;

create function baton.files_touched(run public.runs)
returns jsonb language sql stable set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('path', touched.path, 'changes', touched.changes,
    'before', case when before.op <> 'delete' then before.version end,
    'after', case when latest.op <> 'delete' then latest.version end) order by touched.path), '[]')
  from (
    select o.project_id, o.path, count(*) as changes, min(o.version) as first
    from public.file_operations o where o.run_id = run.id group by o.project_id, o.path
    order by o.path limit 300
  ) touched
  left join lateral baton.last_operation(touched.project_id, touched.path, touched.first - 1) before on true
  left join lateral baton.last_operation(touched.project_id, touched.path, null) latest on true
$$;

-- What the agent said of itself, if it did. Else by how its last calls went.
create function baton.confidence_at(run public.runs, source text, facts jsonb)
returns public.confidence language sql stable set search_path = '' as $$
  select case
    when facts ->> 'confidence' in ('low', 'medium', 'high') then (facts ->> 'confidence')::public.confidence
    when source in ('loop', 'fault', 'mending', 'blocker') or run.state = 'failed' or run.error is not null then 'low'
    else (
      select case when count(*) filter (where last.state = 'error') * 2 >= count(*) and count(*) > 0 then 'low'
        when count(*) filter (where last.state = 'error') * 5 >= count(*) and count(*) > 0 then 'medium' else 'high' end
      from (
        select c.state from public.tool_calls c where c.run_id = run.id and c.ended_at is not null
        order by c.ended_at desc limit 20
      ) last
    )::public.confidence
  end
$$;

-- What was on show then.
create function baton.preview_of(project_id uuid)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object('deployment_id', d.id, 'version', d.version)
  from public.hosts h join public.deployments d on d.id = h.deployment_id
  where h.project_id = preview_of.project_id and h.kind = 'preview'
$$;
