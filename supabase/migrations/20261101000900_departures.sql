-- When an account is deleted (by an operator, or through the auth API), its person leaves every team as if by hand, with
-- the events that everyone else sees. A team where they were alone goes with them, since nobody could ever open it again.
-- A team that others are in is never left without an owner: then the deletion is refused until someone else owns it.
--
-- Before the deletion, not after: the locks must be taken in the order of the log (teams, profiles, …, topics), and the
-- cascade that follows finds nothing left to do.
create function baton.depart()
returns trigger language plpgsql security definer set search_path = '' as $$
declare
  events baton.new_event[];
  orphans uuid[];
  projects uuid[];
begin
  perform from public.teams t
  where t.id in (select m.team_id from public.memberships m where m.user_id = old.id)
  order by t.id for update;
  perform from public.profiles p where p.user_id = old.id for update;

  orphans := array(
    select m.team_id from public.memberships m where m.user_id = old.id
      and not exists (select from public.memberships other where other.team_id = m.team_id and other.user_id <> old.id)
  );
  select array_agg(baton.close_invitation(i.id, 'revoked')) into events
  from public.invitations i where (i.invited_by = old.id or i.team_id = any (orphans)) and i.outcome is null;
  projects := baton.hold_projects_of(orphans);
  delete from public.teams t where t.id = any (orphans);
  select events || array_agg((baton.drop_member(m.team_id, m.user_id, null))[1]) into events
  from public.memberships m where m.user_id = old.id;
  perform baton.append_events(events);
  perform baton.drop_topics(array(select 'team:' || id from unnest(orphans) id)
    || array(select 'project:' || id from unnest(projects) id) || ('user:' || old.id));
  return old;
end
$$;
create trigger "a deleted account leaves its teams"
before delete on auth.users for each row execute function baton.depart();

-- Chats, then runs, so that no worker is in the middle of a write when its rows go.
create function baton.hold_projects_of(teams uuid[])
returns uuid[] language plpgsql set search_path = '' as $$
declare
  projects constant uuid[] := array(select p.id from public.projects p where p.team_id = any (teams));
begin
  perform from public.chats c where c.project_id = any (projects) order by c.id for update;
  perform from public.runs r where r.project_id = any (projects) order by r.id for update;
  return projects;
end
$$;

-- The log of what is gone. Whoever could still append to it would hold a lock that the caller holds.
create function baton.drop_topics(topics text[])
returns void language sql set search_path = '' as $$
  delete from public.events e where e.topic = any (topics);
  delete from public.topics t where t.topic = any (topics);
$$;
