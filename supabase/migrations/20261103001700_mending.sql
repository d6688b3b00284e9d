-- Mending: when a run is done and what it left cannot be built, the agent is set to work again by itself, with the errors
-- in front of it. Three tries at most; and none more when an error comes back that it was shown before, or when it ends
-- without having changed anything. Then the chat says so, it is escalated, and the run waits for the answer of a person.
--
-- It is decided in two places, whichever comes later: when the build fails, and when the run ends. Both hold the chat, so
-- it is decided once. Only a run that completed is gone after: one that a person stopped, or that failed, is theirs.
create table public.mendings (
  id uuid primary key default gen_random_uuid(),
  project_id uuid not null references public.projects on delete cascade,
  chat_id uuid not null,
  build_id uuid not null unique,
  run_id uuid unique,
  try integer not null,
  signatures text[] not null,
  state text not null default 'running' check (state in ('running', 'mended', 'stopped')),
  reason text,
  created_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  check ((state = 'running') = (ended_at is null))
);
create index mendings_under_way on public.mendings (project_id) where state = 'running';

alter table public.mendings enable row level security;
revoke all on public.mendings from public, anon, authenticated, service_role;
grant select on public.mendings to authenticated, service_role;

create policy "members read the mendings of their projects" on public.mendings
for select to authenticated using (project_id in (select baton.my_projects()));

-- The run has just ended, and its chat is held.
create function baton.mend_after_run(run_id uuid)
returns baton.new_event[] language plpgsql set search_path = '' as $$
declare
  build constant public.builds := (
    select b from public.builds b
    where b.project_id = (select r.project_id from public.runs r where r.id = mend_after_run.run_id)
      and b.kind = 'preview' and b.state <> 'superseded'
    order by b.created_at desc limit 1
  );
begin
  if build.state is distinct from 'failed' then return '{}'; end if;
  if build.run_id = mend_after_run.run_id then return baton.mend(build); end if;
  return baton.stop_idle_mending(mend_after_run.run_id, build);
end
$$;

-- The build has failed. Answers no events when it is not for the agent to mend, or not yet.
create function baton.mend(build public.builds)
returns baton.new_event[] language plpgsql set search_path = '' as $$
declare
  run constant public.runs := (select r from public.runs r where r.id = build.run_id);
  before constant public.mendings := (select m from public.mendings m where m.run_id = build.run_id);
  mending public.mendings;
begin
  if not baton.is_to_be_mended(build, run) then return '{}'; end if;
  mending.build_id := build.id;
  mending.try := coalesce(before.try, 0) + 1;
  mending.signatures := coalesce(before.signatures, '{}') || build.signature;
  if build.signature = any (before.signatures) then
    mending.reason := 'same_error';
  elsif mending.try > 3 then
    mending.reason := 'too_many_tries';
  end if;
  update public.mendings m set state = 'stopped', reason = mending.reason, ended_at = clock_timestamp()
  where m.id = before.id and m.state = 'running';
  if mending.reason is null then return baton.begin_mending(mending, run, build); end if;
  return baton.give_up_mending(mending, run, build);
end
$$;

create function baton.is_to_be_mended(build public.builds, run public.runs)
returns boolean language plpgsql stable set search_path = '' as $$
begin
  return build.kind = 'preview' and build.state = 'failed' and build.reason = 'errors' and run.state = 'completed'
    and build.version = baton.tree_version(build.project_id)
    and not exists (select from public.mendings m where m.build_id = build.id)
    and not exists (
      select from public.runs r where r.chat_id = run.chat_id and r.state in ('queued', 'running', 'waiting')
    )
    and exists (
      select from public.chats c join public.projects p on p.id = c.project_id
      where c.id = run.chat_id and c.archived_at is null and p.archived_at is null
    );
end
$$;

create function baton.begin_mending(mending public.mendings, run public.runs, build public.builds)
returns baton.new_event[] language plpgsql set search_path = '' as $$
declare
  mender constant public.runs := baton.start_run(run.chat_id, run.project_id, 'Mend the preview', run.created_by);
begin
  insert into public.mendings (project_id, chat_id, build_id, run_id, try, signatures)
  values (run.project_id, run.chat_id, build.id, mender.id, mending.try, mending.signatures);
  return array[
    baton.run_event(mender),
    baton.write_aside(mender, 'notice', baton.words_of_failure(build),
      jsonb_build_object('mending', jsonb_build_object('build_id', build.id, 'try', mending.try, 'of', 3)))
  ];
end
$$;

create function baton.give_up_mending(mending public.mendings, run public.runs, build public.builds)
returns baton.new_event[] language plpgsql set search_path = '' as $$
begin
  insert into public.mendings (project_id, chat_id, build_id, try, signatures, state, reason, ended_at)
  values (run.project_id, run.chat_id, build.id, mending.try, mending.signatures, 'stopped', mending.reason, clock_timestamp())
  on conflict on constraint mendings_build_id_key do update
  set state = 'stopped', reason = excluded.reason, ended_at = excluded.ended_at
  returning * into mending;
  return baton.write_aside(run, 'notice', baton.words_of_giving_up(mending.reason),
      jsonb_build_object('mending_stopped', jsonb_build_object('build_id', build.id, 'reason', mending.reason)))
    || baton.escalate_broken_build(run, build, mending.reason);
end
$$;

-- The run that could not mend it waits for the answer, unless another has begun in its chat.
create function baton.escalate_broken_build(run public.runs, build public.builds, reason text)
returns baton.new_event[] language plpgsql set search_path = '' as $$
declare
  error constant jsonb := jsonb_build_object('type', 'mending', 'reason', escalate_broken_build.reason, 'build_id', build.id,
    'message', 'The preview does not build, and the agent could not mend it.', 'cause', build.errors -> 0 ->> 'message');
begin
  if not baton.is_last_run(run) then return baton.raise_by_run(run, 'mending', error); end if;
  update public.stages s set state = 'running', ended_at = null
  where s.id = (select x.id from public.stages x where x.run_id = run.id order by x.position desc limit 1);
  return baton.get_stuck(run, 'mending', error);
end
$$;

-- A run that was to mend the build ended, and nothing was changed.
create function baton.stop_idle_mending(run_id uuid, build public.builds)
returns baton.new_event[] language plpgsql set search_path = '' as $$
declare
  mending public.mendings := (
    select m from public.mendings m
    where m.run_id = stop_idle_mending.run_id and m.build_id = build.id and m.state = 'running'
  );
begin
  if mending.id is null or build.version <> baton.tree_version(build.project_id) then return '{}'; end if;
  mending.reason := 'nothing_changed';
  return baton.give_up_mending(mending, (select r from public.runs r where r.id = mending.run_id), build);
end
$$;

create function baton.end_mending(project_id uuid, state text)
returns void language plpgsql set search_path = '' as $$
begin
  update public.mendings m set state = end_mending.state, ended_at = clock_timestamp()
  where m.project_id = end_mending.project_id and m.state = 'running';
end
$$;

-- For the model, and for people to read over its shoulder.
create function baton.words_of_failure(build public.builds)
returns text language sql stable set search_path = '' as $$
  select E'[Baton] What you wrote does not build, so people still see the preview before it. Find the cause of the error and correct it.\n'
    || coalesce(string_agg(E'\n' || coalesce(e.value ->> 'file', 'The project')
      || coalesce(':' || (e.value ->> 'line'), '') || coalesce(':' || (e.value ->> 'column'), '')
      || E'\n' || left(e.value ->> 'message', 4000) || coalesce(E'\n' || left(e.value ->> 'frame', 2000), ''), E'\n' order by e.ordinality), '')
    || case when jsonb_array_length(build.errors) > 10
      then format(E'\n\n%s more errors are not shown.', jsonb_array_length(build.errors) - 10) else '' end
  from jsonb_array_elements(build.errors) with ordinality e where e.ordinality <= 10
$$;

create function baton.words_of_giving_up(reason text)
returns text language sql immutable set search_path = '' as $$
  select '[Baton] The preview still does not build. ' || case reason
    when 'same_error' then 'The same error came back after it should have been mended'
    when 'nothing_changed' then 'The last attempt to mend it changed nothing'
    else 'Three attempts to mend it did not do it'
  end || ', so it is not tried again by itself. People still see the last one that did. Somebody has to look at it.'
$$;
