-- What the desk and the hand-over screen begin with, each with the `seq` of the logs from which their events go on.
create function public.desk_snapshot(team_id uuid)
returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare
  role constant public.team_role := baton.role_of_reader(desk_snapshot.team_id);
  shown constant uuid[] := baton.escalations_on_desk(desk_snapshot.team_id);
begin
  return jsonb_build_object(
    'seq', baton.head('team:' || desk_snapshot.team_id), 'user_seq', baton.head('user:' || baton.caller()),
    'escalations', array(
      select baton.escalation_json(e) from public.escalations e where e.id = any (shown)
      order by e.closed_at desc nulls first, e.raised_at, e.id
    ),
    'mine', coalesce((
      select jsonb_object_agg(m.escalation_id, baton.mark_json(m)) from public.escalation_marks m
      where m.user_id = baton.caller() and m.escalation_id = any (shown)
    ), '{}'),
    'lookers', coalesce((
      select jsonb_object_agg(l.escalation_id, baton.lookers_of(l.escalation_id))
      from (
        select distinct x.escalation_id from public.escalation_lookers x
        where x.team_id = desk_snapshot.team_id and x.until > now()
      ) l
    ), '{}'),
    'ladder', baton.ladder_of(desk_snapshot.team_id), 'role', role);
end
$$;

create function public.escalation_snapshot(escalation_id uuid)
returns jsonb language plpgsql stable security definer set search_path = '' as $$
begin
  return baton.whole_escalation((baton.escalation_of_caller(escalation_snapshot.escalation_id)).id);
end
$$;

create function public.chat_escalation(chat_id uuid)
returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare
  chat constant public.chats := baton.chat_of_caller(chat_escalation.chat_id);
begin
  return baton.whole_escalation((
    select e.id from public.escalations e where e.chat_id = chat.id order by e.raised_at desc limit 1));
end
$$;

-- Closed ones, newest first. `before` is the `next` of the page before.
create function public.read_escalations(
  team_id uuid, states text[] default null, search text default null, before text default null, max_rows integer default 50
)
returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare
  bound constant integer := least(greatest(coalesce(max_rows, 50), 1), 200);
  page public.escalations[];
begin
  perform baton.role_of_reader(read_escalations.team_id);
  page := array(
    select e from public.escalations e
    where e.team_id = read_escalations.team_id and e.closed_at is not null
      and (read_escalations.states is null or e.state = any (read_escalations.states))
      and (read_escalations.before is null or e.closed_at < read_escalations.before::timestamptz)
      and (coalesce(read_escalations.search, '') !~ '\S' or e.reason || ' ' || coalesce(e.note, '') || ' '
        || coalesce(e.cause, '') || ' ' || coalesce(e.closing_note, '')
        ilike '%' || replace(replace(replace(baton.trimmed(read_escalations.search), '\', '\\'), '%', '\%'), '_', '\_') || '%')
    order by e.closed_at desc limit bound);
  return jsonb_build_object(
    'escalations', array(select baton.escalation_json(e) from unnest(page) e),
    'next', case when cardinality(page) = bound then baton.instant((page[bound]).closed_at) end);
end
$$;

revoke all on function
  public.desk_snapshot(uuid), public.escalation_snapshot(uuid), public.chat_escalation(uuid),
  public.read_escalations(uuid, text[], text, text, integer)
from public, anon, authenticated, service_role;
grant execute on function
  public.desk_snapshot(uuid), public.escalation_snapshot(uuid), public.chat_escalation(uuid),
  public.read_escalations(uuid, text[], text, text, integer)
to authenticated;

create function baton.escalations_on_desk(team_id uuid)
returns uuid[] language sql stable set search_path = '' as $$
  select array(
    select e.id from public.escalations e
    where e.team_id = escalations_on_desk.team_id and e.state in ('open', 'claimed')
  ) || array(
    select e.id from public.escalations e
    where e.team_id = escalations_on_desk.team_id and e.closed_at is not null order by e.closed_at desc limit 50
  )
$$;

create function baton.mark_json(mark public.escalation_marks)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object('read_at', baton.instant(mark.read_at), 'dismissed_at', baton.instant(mark.dismissed_at))
$$;

create function baton.lookers_of(escalation_id uuid)
returns jsonb language sql stable set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('user_id', l.user_id, 'display_name', baton.person_name(l.user_id),
    'until', baton.instant(l.until)) order by l.until, l.user_id), '[]')
  from public.escalation_lookers l where l.escalation_id = lookers_of.escalation_id and l.until > now()
$$;

-- Null when there is none. Whoever calls it has checked the caller.
create function baton.whole_escalation(escalation_id uuid)
returns jsonb language plpgsql stable set search_path = '' as $$
begin
  return (
    select jsonb_build_object(
      'seq', baton.head('team:' || e.team_id), 'user_seq', baton.head('user:' || baton.caller()),
      'escalation', baton.escalation_json(e), 'snapshot', s.snapshot,
      'preview_host', (
        select baton.host_json(h) from public.hosts h
        where h.project_id = e.project_id and h.kind = 'preview' and h.deployment_id is not null
      ),
      'assessment', baton.assessment_json(a),
      'history', array(
        select baton.history_json(h)
        from (
          select x.* from public.escalation_events x where x.escalation_id = e.id order by x.id desc limit 200
        ) h order by h.id
      ),
      'lookers', baton.lookers_of(e.id),
      'mine', coalesce((
        select baton.mark_json(m) from public.escalation_marks m
        where m.escalation_id = e.id and m.user_id = baton.caller()
      ), '{"read_at": null, "dismissed_at": null}'))
    from public.escalations e
    join public.stuck_snapshots s on s.escalation_id = e.id
    join public.assessments a on a.escalation_id = e.id
    where e.id = whole_escalation.escalation_id
  );
end
$$;
