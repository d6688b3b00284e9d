-- What an open preview tells: errors, reported by the pane of anyone in the team, and answers to what the agent asks.
-- Both come from strangers' code by way of a member's browser, so they are bounded here, and are material, not truth.
--
-- Ten people who look at one broken preview report one error: the same message from the same place of the same deployment
-- counts up, quietly, and only what is new is told.
create table public.preview_errors (
  id uuid primary key default gen_random_uuid(),
  project_id uuid not null references public.projects on delete cascade,
  deployment_id uuid not null references public.deployments on delete cascade,
  version bigint not null,
  kind text not null check (kind in ('error', 'rejection', 'console', 'network', 'render')),
  message text not null,
  stack text,
  frames jsonb not null default '[]',
  path text,
  fingerprint text not null,
  count integer not null default 1,
  reported_by uuid,
  first_at timestamptz not null default clock_timestamp(),
  last_at timestamptz not null default clock_timestamp(),
  unique (deployment_id, fingerprint)
);
create index preview_errors_of_a_project on public.preview_errors (project_id, last_at);

-- A question of the agent, which any open pane answers; nobody may be there, so it expires.
create table public.preview_questions (
  id uuid primary key default gen_random_uuid(),
  project_id uuid not null references public.projects on delete cascade,
  chat_id uuid not null,
  run_id uuid not null,
  tool_call_id uuid not null unique,
  kind text not null check (kind in ('outline')),
  input jsonb not null default '{}',
  state text not null default 'open' check (state in ('open', 'answered', 'expired')),
  answer jsonb,
  answered_by uuid,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  closed_at timestamptz,
  check ((state = 'open') = (closed_at is null)),
  check ((state = 'answered') = (answer is not null))
);
create index open_preview_questions on public.preview_questions (project_id) where state = 'open';
create index preview_questions_by_age on public.preview_questions (created_at);

alter table public.preview_errors enable row level security;
alter table public.preview_questions enable row level security;
revoke all on public.preview_errors, public.preview_questions from public, anon, authenticated, service_role;
grant select on public.preview_errors, public.preview_questions to authenticated, service_role;

create policy "members read what previews of their projects reported" on public.preview_errors
for select to authenticated using (project_id in (select baton.my_projects()));
create policy "members read what the previews of their projects were asked" on public.preview_questions
for select to authenticated using (project_id in (select baton.my_projects()));

create function baton.preview_error_json(error public.preview_errors)
returns jsonb language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object('id', error.id, 'project_id', error.project_id, 'deployment_id', error.deployment_id,
    'version', error.version, 'kind', error.kind, 'message', error.message, 'stack', error.stack,
    'frames', error.frames, 'path', error.path, 'count', error.count, 'reported_by', error.reported_by,
    'first_at', baton.instant(error.first_at), 'last_at', baton.instant(error.last_at));
end
$$;

create function baton.preview_question_json(question public.preview_questions)
returns jsonb language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object('id', question.id, 'project_id', question.project_id, 'chat_id', question.chat_id,
    'kind', question.kind, 'input', question.input, 'state', question.state,
    'expires_at', baton.instant(question.expires_at));
end
$$;

create function public.report_preview(project_id uuid, deployment_id uuid, reports jsonb)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  project constant public.projects := baton.project_of_caller(report_preview.project_id);
  deployment constant public.deployments := baton.deployment_to_report_on(project.id, report_preview.deployment_id);
  reported public.preview_errors;
  events baton.new_event[] := '{}';
  recorded integer := 0;
begin
  perform baton.require_reports(report_preview.reports);
  perform baton.hold_host(project.id, deployment.kind);
  for reported in
    select distinct on (r.fingerprint) r.* from jsonb_array_elements(report_preview.reports) given,
      baton.report_of(deployment, given) r
    order by r.fingerprint
  loop
    recorded := recorded + 1;
    update public.preview_errors e set count = least(e.count + 1, 1000000), last_at = clock_timestamp()
    where e.deployment_id = deployment.id and e.fingerprint = reported.fingerprint;
    continue when found;
    exit when (select count(*) from public.preview_errors e where e.deployment_id = deployment.id) >= 50;
    insert into public.preview_errors
      (project_id, deployment_id, version, kind, message, stack, frames, path, fingerprint, reported_by)
    values (project.id, deployment.id, deployment.version, reported.kind, reported.message, reported.stack,
      reported.frames, reported.path, reported.fingerprint, baton.caller())
    returning * into reported;
    events := events || row('project:' || project.id, 'preview.error', baton.preview_error_json(reported))::baton.new_event;
  end loop;
  perform baton.append_events(events);
  return jsonb_build_object('recorded', recorded);
end
$$;

-- Held in the order in which they are reported.
create function public.clear_preview_errors(project_id uuid)
returns void language plpgsql security definer set search_path = '' as $$
declare
  project constant public.projects := baton.project_of_caller(clear_preview_errors.project_id);
  cleared uuid[];
begin
  with held as (
    select e.id from public.preview_errors e where e.project_id = project.id
    order by e.deployment_id, e.fingerprint for update
  ), gone as (
    delete from public.preview_errors e using held where e.id = held.id returning e.id
  )
  select array_agg(gone.id) into cleared from gone;
  if cleared is null then return; end if;
  perform public.append_event('project:' || project.id, 'preview.cleared', jsonb_build_object('ids', cleared));
end
$$;

-- The first answer counts; whoever is later is told false.
create function public.answer_preview(question_id uuid, answer jsonb)
returns boolean language plpgsql security definer set search_path = '' as $$
declare
  question public.preview_questions;
begin
  select q.* into question from public.preview_questions q where q.id = answer_preview.question_id;
  perform baton.project_of_caller(question.project_id);
  if jsonb_typeof(answer_preview.answer) is distinct from 'object' or octet_length(answer_preview.answer::text) > 200000 then
    perform baton.refuse('BT025', 'This answer is too large, or none.', 'Send an outline of at most 20,000 characters.',
      '{"limit": 200000}');
  end if;
  update public.preview_questions q
  set state = 'answered', answer = answer_preview.answer, answered_by = baton.caller(), closed_at = clock_timestamp()
  where q.id = question.id and q.state = 'open' returning q.* into question;
  if not found then return false; end if;
  perform public.append_event('project:' || question.project_id, 'preview.answered',
    jsonb_build_object('id', question.id, 'state', 'answered'));
  return true;
end
$$;

revoke all on function
  public.report_preview(uuid, uuid, jsonb), public.clear_preview_errors(uuid), public.answer_preview(uuid, jsonb)
from public, anon, authenticated, service_role;
grant execute on function
  public.report_preview(uuid, uuid, jsonb), public.clear_preview_errors(uuid), public.answer_preview(uuid, jsonb)
to authenticated;

-- For a tool of a run, which asks once however often it is run, then looks until there is an answer or none will come.
create function public.ask_preview(
  tool_call_id uuid, run_id uuid, token bigint, kind text default 'outline', input jsonb default '{}',
  wait_seconds integer default 8
)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  run constant public.runs := baton.share_run(ask_preview.run_id, ask_preview.token);
  question public.preview_questions;
begin
  insert into public.preview_questions (project_id, chat_id, run_id, tool_call_id, kind, input, expires_at)
  values (run.project_id, run.chat_id, run.id, ask_preview.tool_call_id, ask_preview.kind, ask_preview.input,
    clock_timestamp() + make_interval(secs => least(greatest(wait_seconds, 1), 60)))
  on conflict on constraint preview_questions_tool_call_id_key do nothing
  returning * into question;
  if found then
    perform public.append_event('project:' || run.project_id, 'preview.asked', baton.preview_question_json(question));
  end if;
  return baton.read_preview_answer(ask_preview.tool_call_id, run.id);
end
$$;

create function public.read_preview_answer(tool_call_id uuid, run_id uuid, token bigint)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  run constant public.runs := baton.share_run(read_preview_answer.run_id, read_preview_answer.token);
begin
  perform baton.append_events(baton.expire_preview_questions(run.id));
  return baton.read_preview_answer(read_preview_answer.tool_call_id, run.id);
end
$$;

-- What the agent is told of the preview: the last build with its errors, and what the preview itself reported.
create function public.read_preview_state(project_id uuid)
returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare
  build constant public.builds := (
    select b from public.builds b
    where b.project_id = read_preview_state.project_id and b.kind = 'preview' and b.state <> 'superseded'
    order by b.created_at desc limit 1
  );
  shown constant public.deployments := (
    select d from public.hosts h join public.deployments d on d.id = h.deployment_id
    where h.project_id = read_preview_state.project_id and h.kind = 'preview'
  );
begin
  return jsonb_build_object(
    'version', baton.tree_version(read_preview_state.project_id),
    'build', case when build.id is not null then baton.build_json(build)
      || jsonb_build_object('errors', build.errors, 'type_errors', build.type_errors) end,
    'shown', case when shown.id is not null then baton.deployment_json(shown) end,
    'reported', baton.errors_of_preview(read_preview_state.project_id)
  );
end
$$;

revoke all on function
  public.ask_preview(uuid, uuid, bigint, text, jsonb, integer), public.read_preview_answer(uuid, uuid, bigint),
  public.read_preview_state(uuid)
from public, anon, authenticated, service_role;
grant execute on function
  public.ask_preview(uuid, uuid, bigint, text, jsonb, integer), public.read_preview_answer(uuid, uuid, bigint),
  public.read_preview_state(uuid)
to service_role;

create function baton.read_preview_answer(tool_call_id uuid, run_id uuid)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object('state', q.state, 'answer', q.answer, 'expires_at', baton.instant(q.expires_at))
  from public.preview_questions q
  where q.tool_call_id = read_preview_answer.tool_call_id and q.run_id = read_preview_answer.run_id
$$;

-- One that is just being answered is left to who answers it.
create function baton.expire_preview_questions(run_id uuid default null)
returns baton.new_event[] language plpgsql set search_path = '' as $$
declare
  events baton.new_event[];
begin
  with expired as (
    update public.preview_questions q set state = 'expired', closed_at = clock_timestamp()
    where q.id in (
      select due.id from public.preview_questions due
      where due.state = 'open' and due.expires_at <= clock_timestamp()
        and due.run_id = coalesce(expire_preview_questions.run_id, due.run_id)
      for update skip locked
    ) returning q.*
  )
  select array_agg(baton.event('project:' || e.project_id, 'preview.answered',
    jsonb_build_object('id', e.id, 'state', 'expired'))) into events from expired e;
  return events;
end
$$;

-- Those of what the preview shows now.
create function baton.errors_of_preview(project_id uuid)
returns jsonb language sql stable set search_path = '' as $$
  select coalesce(jsonb_agg(baton.preview_error_json(e) order by e.last_at desc), '[]')
  from public.hosts h join public.preview_errors e using (deployment_id)
  where h.project_id = errors_of_preview.project_id and h.kind = 'preview'
$$;

create function baton.deployment_to_report_on(project_id uuid, deployment_id uuid)
returns public.deployments language plpgsql stable set search_path = '' as $$
declare
  deployment public.deployments;
begin
  select d.* into deployment from public.deployments d
  where d.id = deployment_to_report_on.deployment_id and d.project_id = deployment_to_report_on.project_id;
  if found then return deployment; end if;
  perform baton.refuse('BT004', 'There is no such deployment of this project.', 'Reload the preview.',
    '{"field": "deployment_id"}');
end
$$;

create function baton.require_reports(reports jsonb)
returns void language plpgsql immutable set search_path = '' as $$
begin
  if jsonb_typeof(reports) = 'array' and jsonb_array_length(reports) between 1 and 20
    and octet_length(reports::text) <= 500000 and not exists (
      select from jsonb_array_elements(reports) r
      where jsonb_typeof(r) <> 'object' or jsonb_typeof(r -> 'message') is distinct from 'string'
        or coalesce(r ->> 'kind', '') not in ('error', 'rejection', 'console', 'network', 'render')
    ) then return; end if;
  perform baton.refuse('BT004', 'This is no report of a preview.', 'Report 1 to 20 errors, each with a kind and a message.',
    '{"field": "reports"}');
end
$$;

create function baton.report_of(deployment public.deployments, given jsonb)
returns public.preview_errors language plpgsql immutable set search_path = '' as $$
declare
  report public.preview_errors;
begin
  report.kind := given ->> 'kind';
  report.message := left(given ->> 'message', 4000);
  report.stack := left(given ->> 'stack', 8000);
  report.path := left(given ->> 'path', 500);
  report.frames := (
    select coalesce(jsonb_agg(jsonb_build_object('file', left(f.value ->> 'file', 500), 'function', left(f.value ->> 'function', 200),
      'line', case jsonb_typeof(f.value -> 'line') when 'number' then f.value -> 'line' end,
      'column', case jsonb_typeof(f.value -> 'column') when 'number' then f.value -> 'column' end) order by f.ordinality), '[]')
    from jsonb_array_elements(case jsonb_typeof(given -> 'frames') when 'array' then given -> 'frames' else '[]' end)
      with ordinality f
    where jsonb_typeof(f.value) = 'object' and f.value ? 'file' and f.ordinality <= 30
  );
  report.fingerprint := encode(sha256(convert_to(concat_ws(E'\n', report.kind, report.message, report.frames ->> 0), 'UTF8')), 'hex');
  return report;
end
$$;
