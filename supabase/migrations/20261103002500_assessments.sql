-- What the model thinks of an escalation: likely cause, how sure, evidence, what to try. A background run of its own, which
-- nobody waits for: a claim works without it, and it goes on after the claim.
--
--   pending ─ claim_assessment ─▶ running ─ finish_assessment ─▶ done
--      ▲                            │  └─── fail_assessment ───▶ failed ─ retry_assessment ─▶ pending
--      └── its lease expired, or a fault that may pass: due again
--
-- The claim is a lease with a fencing token, as that of a run: whatever a worker writes carries the token, a stale one gets
-- BT061 and has changed nothing. What is written so far stands in the row, so every screen fills in as the model writes.
create table public.assessments (
  escalation_id uuid primary key references public.escalations on delete cascade,
  team_id uuid not null,
  state text not null default 'pending' check (state in ('pending', 'running', 'done', 'failed')),
  likely_cause text,
  confidence public.confidence,
  evidence jsonb not null default '[]' check (jsonb_typeof(evidence) = 'array'),
  steps jsonb not null default '[]' check (jsonb_typeof(steps) = 'array'),
  precedents jsonb not null default '[]',
  model text,
  usage jsonb,
  cost_usd numeric(14, 6),
  error jsonb,
  attempts integer not null default 0,
  available_at timestamptz not null default clock_timestamp(),
  lease_token bigint not null default 0,
  lease_expires_at timestamptz,
  worker text,
  started_at timestamptz,
  ended_at timestamptz,
  check ((state = 'running') = (lease_expires_at is not null)),
  check ((state in ('done', 'failed')) = (ended_at is not null))
);
create index assessments_that_wait on public.assessments (available_at) where state in ('pending', 'running');

alter table public.assessments enable row level security;
revoke all on public.assessments from public, anon, authenticated, service_role;
grant select on public.assessments to authenticated, service_role;
create policy "members read the assessments of their teams' escalations" on public.assessments
for select to authenticated using (team_id in (select baton.my_teams()));

create function baton.assessment_json(a public.assessments)
returns jsonb language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object('escalation_id', a.escalation_id, 'state', a.state, 'likely_cause', a.likely_cause,
    'confidence', a.confidence, 'evidence', a.evidence, 'steps', a.steps, 'similar', a.precedents, 'model', a.model,
    'cost_usd', a.cost_usd, 'error', a.error, 'attempts', a.attempts, 'started_at', baton.instant(a.started_at),
    'ended_at', baton.instant(a.ended_at));
end
$$;

create function baton.assessment_event(a public.assessments)
returns baton.new_event language plpgsql stable set search_path = '' as $$
begin
  return row('team:' || a.team_id, 'assessment.changed', baton.assessment_json(a))::baton.new_event;
end
$$;

-- Without a search path of its own, so that the planner sees through it.
create function baton.assessment_is_due(a public.assessments, moment timestamptz)
returns boolean language sql stable as $$
  select a.state in ('pending', 'running') and a.available_at <= moment
    and (a.state = 'pending' or a.lease_expires_at <= moment)
$$;

create function baton.assessments_wait(moment timestamptz)
returns boolean language sql stable set search_path = '' as $$
  select exists (
    select from public.assessments a
    where a.state in ('pending', 'running') and a.available_at <= moment and baton.assessment_is_due(a, moment))
$$;

-- Without an id the one that waits longest. After three claims without an end it failed.
create function public.claim_assessment(escalation_id uuid, worker text, lease_seconds integer default 30)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  a public.assessments;
  e public.escalations;
begin
  loop
    select x.* into a from public.assessments x
    where x.escalation_id = coalesce(claim_assessment.escalation_id, x.escalation_id)
      and x.state in ('pending', 'running') and baton.assessment_is_due(x, clock_timestamp())
    order by x.available_at limit 1 for no key update skip locked;
    if not found then return null; end if;
    exit when a.attempts < 3;
    perform baton.end_assessment(a, 'failed', '{"type": "worker_died", "message": "Three workers took it, and none of them ended it."}');
  end loop;
  select x.* into e from public.escalations x where x.id = a.escalation_id;
  update public.assessments x
  set state = 'running', lease_token = x.lease_token + 1, lease_expires_at = baton.lease_until(lease_seconds),
      worker = claim_assessment.worker, attempts = x.attempts + 1, error = null, started_at = coalesce(x.started_at, clock_timestamp()),
      likely_cause = null, confidence = null, evidence = '[]', steps = '[]', precedents = baton.similar_escalations(e)
  where x.escalation_id = a.escalation_id returning x.* into a;
  perform baton.append_events(array[baton.assessment_event(a)]);
  return jsonb_build_object('token', a.lease_token, 'escalation', baton.escalation_json(e),
    'assessment', baton.assessment_json(a),
    'snapshot', (select s.snapshot from public.stuck_snapshots s where s.escalation_id = e.id));
end
$$;

-- What the model has written so far. Each write prolongs the lease; without findings it does nothing else.
create function public.write_assessment(escalation_id uuid, token bigint, findings jsonb, lease_seconds integer default 30)
returns void language plpgsql security definer set search_path = '' as $$
declare
  a public.assessments := baton.hold_assessment(write_assessment.escalation_id, write_assessment.token);
begin
  update public.assessments x set lease_expires_at = baton.lease_until(lease_seconds) where x.escalation_id = a.escalation_id;
  if findings is null then return; end if;
  perform baton.append_events(array[baton.assessment_event(baton.put_findings(a, findings))]);
end
$$;

create function public.finish_assessment(
  escalation_id uuid, token bigint, findings jsonb, model text default null, usage jsonb default null,
  cost_usd numeric default null
)
returns void language plpgsql security definer set search_path = '' as $$
declare
  a public.assessments := baton.hold_assessment(finish_assessment.escalation_id, finish_assessment.token);
begin
  a := baton.put_findings(a, findings);
  if a.likely_cause is null or a.confidence is null then
    perform baton.refuse('BT004', 'This assessment says nothing.', 'Give likely_cause and confidence.', '{"field": "findings"}');
  end if;
  update public.assessments x
  set model = finish_assessment.model, usage = finish_assessment.usage, cost_usd = finish_assessment.cost_usd
  where x.escalation_id = a.escalation_id returning x.* into a;
  perform baton.end_assessment(a, 'done', null);
end
$$;

-- `retry_at`: the fault may pass, so it is due again then, as long as there are attempts left.
create function public.fail_assessment(escalation_id uuid, token bigint, error jsonb, retry_at timestamptz default null)
returns text language plpgsql security definer set search_path = '' as $$
declare
  a public.assessments := baton.hold_assessment(fail_assessment.escalation_id, fail_assessment.token);
begin
  if retry_at is null or a.attempts >= 3 then
    perform baton.end_assessment(a, 'failed', fail_assessment.error);
    return 'failed';
  end if;
  update public.assessments x
  set state = 'pending', lease_expires_at = null, worker = null, available_at = retry_at, error = fail_assessment.error
  where x.escalation_id = a.escalation_id returning x.* into a;
  perform baton.append_events(array[baton.assessment_event(a)]);
  return 'pending';
end
$$;

revoke all on function
  public.claim_assessment(uuid, text, integer), public.write_assessment(uuid, bigint, jsonb, integer),
  public.finish_assessment(uuid, bigint, jsonb, text, jsonb, numeric),
  public.fail_assessment(uuid, bigint, jsonb, timestamptz)
from public, anon, authenticated, service_role;
grant execute on function
  public.claim_assessment(uuid, text, integer), public.write_assessment(uuid, bigint, jsonb, integer),
  public.finish_assessment(uuid, bigint, jsonb, text, jsonb, numeric),
  public.fail_assessment(uuid, bigint, jsonb, timestamptz)
to service_role;

-- By anyone of the team, for one that failed.
create function public.retry_assessment(escalation_id uuid)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  e constant public.escalations := baton.escalation_of_caller(retry_assessment.escalation_id);
  a public.assessments;
begin
  update public.assessments x
  set state = 'pending', attempts = 0, error = null, started_at = null, ended_at = null, available_at = clock_timestamp()
  where x.escalation_id = e.id and x.state = 'failed' returning x.* into a;
  if found then
    perform public.wake('assess', jsonb_build_object('escalation_id', e.id));
    perform baton.append_events(array[baton.assessment_event(a)]);
  end if;
  return (select baton.assessment_json(x) from public.assessments x where x.escalation_id = e.id);
end
$$;
revoke all on function public.retry_assessment(uuid) from public, anon, authenticated, service_role;
grant execute on function public.retry_assessment(uuid) to authenticated;

create function baton.hold_assessment(escalation_id uuid, token bigint)
returns public.assessments language plpgsql set search_path = '' as $$
declare
  a public.assessments;
begin
  select x.* into a from public.assessments x
  where x.escalation_id = hold_assessment.escalation_id and x.lease_token = hold_assessment.token and x.state = 'running'
  for no key update;
  if found then return a; end if;
  perform baton.refuse('BT061', 'This worker does not hold the assessment any more.', 'Stop working on it.',
    coalesce((select jsonb_build_object('escalation_id', x.escalation_id, 'state', x.state, 'lease_token', x.lease_token)
      from public.assessments x where x.escalation_id = hold_assessment.escalation_id), '{}'));
end
$$;

-- What is not given stays. Texts are bounded, since all of it travels with each event.
create function baton.put_findings(a public.assessments, findings jsonb)
returns public.assessments language plpgsql set search_path = '' as $$
begin
  update public.assessments x
  set likely_cause = coalesce(nullif(left(baton.trimmed(findings ->> 'likely_cause'), 1000), ''), x.likely_cause),
      confidence = coalesce(case when findings ->> 'confidence' in ('low', 'medium', 'high')
        then (findings ->> 'confidence')::public.confidence end, x.confidence),
      evidence = case when jsonb_typeof(findings -> 'evidence') = 'array'
        then baton.bounded_texts(findings -> 'evidence') else x.evidence end,
      steps = case when jsonb_typeof(findings -> 'steps') = 'array'
        then baton.bounded_steps(findings -> 'steps') else x.steps end
  where x.escalation_id = a.escalation_id returning x.* into a;
  return a;
end
$$;

create function baton.bounded_texts(texts jsonb)
returns jsonb language sql immutable set search_path = '' as $$
  select coalesce(jsonb_agg(left(t.text, 400) order by t.position), '[]')
  from jsonb_array_elements_text(texts) with ordinality t (text, position) where t.text ~ '\S' and t.position <= 8
$$;
create function baton.bounded_steps(steps jsonb)
returns jsonb language sql immutable set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('title', left(s.step ->> 'title', 80),
    'prompt', left(coalesce(s.step ->> 'prompt', s.step ->> 'title'), 1000)) order by s.position), '[]')
  from jsonb_array_elements(steps) with ordinality s (step, position)
  where jsonb_typeof(s.step) = 'object' and s.step ->> 'title' ~ '\S' and s.position <= 5
$$;

create function baton.end_assessment(a public.assessments, state text, error jsonb)
returns void language plpgsql set search_path = '' as $$
declare
  e public.escalations;
begin
  update public.assessments x
  set state = end_assessment.state, error = end_assessment.error, lease_expires_at = null, worker = null, ended_at = clock_timestamp()
  where x.escalation_id = a.escalation_id returning x.* into a;
  update public.escalations x set assessment_confidence = a.confidence
  where x.id = a.escalation_id and a.state = 'done';
  select x.* into e from public.escalations x where x.id = a.escalation_id;
  perform baton.append_events(array[baton.assessment_event(a), baton.escalation_event(e), baton.record(e, 'assessed', null,
    jsonb_build_object('state', a.state, 'confidence', a.confidence, 'message', a.error ->> 'message'))]);
end
$$;

-- Resolved ones of the same team that share words with this one: in the reason, the note, the cause or the resolution.
create index words_of_resolved_escalations on public.escalations using gin (
  to_tsvector('english', reason || ' ' || coalesce(note, '') || ' ' || coalesce(cause, '') || ' ' || coalesce(closing_note, ''))
) where state = 'resolved';

create function baton.words_of(e public.escalations)
returns tsvector language sql immutable as $$
  select to_tsvector('english',
    e.reason || ' ' || coalesce(e.note, '') || ' ' || coalesce(e.cause, '') || ' ' || coalesce(e.closing_note, ''))
$$;

create function baton.similar_escalations(e public.escalations)
returns jsonb language plpgsql stable set search_path = '' as $$
declare
  words constant tsquery := (
    select to_tsquery('simple', string_agg('''' || replace(word, '''', '''''') || '''', ' | '))
    from unnest((tsvector_to_array(to_tsvector('english', e.reason || ' ' || coalesce(e.note, ''))))[1:40]) word
  );
begin
  return coalesce((
    select jsonb_agg(jsonb_build_object('id', s.id, 'reason', s.reason, 'cause', s.cause,
      'closing_note', left(s.closing_note, 400), 'closed_by_name', baton.person_name(s.closed_by),
      'closed_at', baton.instant(s.closed_at)) order by s.rank desc, s.closed_at desc)
    from (
      select x.*, ts_rank(baton.words_of(x), words) as rank
      from (
        select r.* from public.escalations r
        where r.team_id = e.team_id and r.state = 'resolved' and r.id <> e.id
          and to_tsvector('english', r.reason || ' ' || coalesce(r.note, '') || ' ' || coalesce(r.cause, '') || ' '
            || coalesce(r.closing_note, '')) @@ words
        order by r.closed_at desc limit 500
      ) x
      order by ts_rank(baton.words_of(x), words) desc, x.closed_at desc limit 5
    ) s
  ), '[]');
end
$$;
