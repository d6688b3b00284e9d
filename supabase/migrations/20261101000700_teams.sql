-- Teams and who is in them. Members and seniors read; admins and owners invite, remove and set roles; only owners give or
-- take ownership; a team never loses its last owner. Every change of a team locks its row first, so that changes of one
-- team come one after the other and each sees what the one before it left.
create type public.team_role as enum ('member', 'senior', 'admin', 'owner');

create table public.teams (
  id uuid primary key default gen_random_uuid(),
  name text not null check (baton.is_name(name)),
  created_at timestamptz not null default clock_timestamp()
);

create table public.memberships (
  team_id uuid not null references public.teams on delete cascade,
  user_id uuid not null references public.profiles on delete cascade,
  role public.team_role not null,
  joined_at timestamptz not null default clock_timestamp(),
  primary key (team_id, user_id)
);
create index memberships_of_a_person on public.memberships (user_id);

alter table public.teams enable row level security;
alter table public.memberships enable row level security;
revoke all on public.teams, public.memberships from public, anon, authenticated, service_role;
grant select on public.teams, public.memberships to authenticated, service_role;

create function baton.my_teams()
returns setof uuid language sql stable security definer set search_path = '' as $$
  select m.team_id from public.memberships m where m.user_id = (select auth.uid())
$$;
create function baton.people_i_know()
returns setof uuid language sql stable security definer set search_path = '' as $$
  select auth.uid()
  union
  select m.user_id from public.memberships m where m.team_id in (select baton.my_teams())
$$;
grant execute on function baton.my_teams(), baton.people_i_know() to authenticated;

create policy "members read their teams" on public.teams
for select to authenticated using (id in (select baton.my_teams()));

create policy "members read the memberships of their teams" on public.memberships
for select to authenticated using (team_id in (select baton.my_teams()));

create policy "people read their own profile and those of their team-mates" on public.profiles
for select to authenticated using (user_id in (select baton.people_i_know()));

create function baton.team_json(team public.teams)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object('id', team.id, 'name', team.name, 'created_at', baton.instant(team.created_at))
$$;
create function baton.member_json(membership public.memberships)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object('user_id', p.user_id, 'display_name', p.display_name, 'email', p.email,
    'role', membership.role, 'joined_at', baton.instant(membership.joined_at))
  from public.profiles p where p.user_id = membership.user_id
$$;
create function baton.membership_json(membership public.memberships)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object('team_id', t.id, 'team_name', t.name,
    'role', membership.role, 'joined_at', baton.instant(membership.joined_at))
  from public.teams t where t.id = membership.team_id
$$;

create function public.create_team(name text)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  founder constant uuid := baton.caller();
  team public.teams;
begin
  insert into public.teams (name) values (baton.valid_name(create_team.name, 'name')) returning * into team;
  perform baton.append_events(baton.add_member(team.id, founder, 'owner'));
  return baton.team_json(team);
end
$$;

create function public.rename_team(team_id uuid, name text)
returns void language plpgsql security definer set search_path = '' as $$
declare
  new_name constant text := baton.valid_name(rename_team.name, 'name');
begin
  perform baton.lock_team_to_run_it(rename_team.team_id);
  update public.teams t set name = new_name where t.id = rename_team.team_id and t.name <> new_name;
  if not found then return; end if;
  perform baton.append_events(
    baton.event('team:' || rename_team.team_id, 'team.renamed', jsonb_build_object('name', new_name))
    || array(
      select baton.event('user:' || m.user_id, 'membership.renamed',
        jsonb_build_object('team_id', m.team_id, 'team_name', new_name))
      from public.memberships m where m.team_id = rename_team.team_id
    )
  );
end
$$;

create function public.set_member_role(team_id uuid, user_id uuid, role public.team_role)
returns void language plpgsql security definer set search_path = '' as $$
declare
  callers_role constant public.team_role := baton.lock_team_to_run_it(set_member_role.team_id);
  old_role constant public.team_role := baton.role_of_member(set_member_role.team_id, set_member_role.user_id);
  payload constant jsonb := jsonb_build_object('role', set_member_role.role);
begin
  perform baton.require_role_to_give(set_member_role.role);
  if old_role = set_member_role.role then return; end if;
  perform baton.check_ownership(callers_role, old_role, set_member_role.role);
  update public.memberships m set role = set_member_role.role
  where m.team_id = set_member_role.team_id and m.user_id = set_member_role.user_id;
  perform baton.require_an_owner(set_member_role.team_id);
  perform baton.append_events(array[
    baton.event('team:' || set_member_role.team_id, 'member.role_changed',
      payload || jsonb_build_object('user_id', set_member_role.user_id)),
    baton.event('user:' || set_member_role.user_id, 'membership.role_changed',
      payload || jsonb_build_object('team_id', set_member_role.team_id))
  ]);
end
$$;

create function public.remove_member(team_id uuid, user_id uuid)
returns void language plpgsql security definer set search_path = '' as $$
declare
  callers_role constant public.team_role := baton.lock_team_to_run_it(remove_member.team_id);
begin
  perform baton.check_ownership(callers_role, baton.role_of_member(remove_member.team_id, remove_member.user_id));
  perform baton.append_events(
    baton.drop_member(remove_member.team_id, remove_member.user_id, nullif(baton.caller(), remove_member.user_id)));
end
$$;

create function public.leave_team(team_id uuid)
returns void language plpgsql security definer set search_path = '' as $$
begin
  perform baton.lock_team(leave_team.team_id);
  perform baton.append_events(baton.drop_member(leave_team.team_id, baton.caller(), null));
end
$$;

revoke all on function
  public.create_team(text), public.rename_team(uuid, text), public.leave_team(uuid),
  public.set_member_role(uuid, uuid, public.team_role), public.remove_member(uuid, uuid)
from public, anon, authenticated, service_role;
grant execute on function
  public.create_team(text), public.rename_team(uuid, text), public.leave_team(uuid),
  public.set_member_role(uuid, uuid, public.team_role), public.remove_member(uuid, uuid)
to authenticated;

-- Locks the team, and only then reads the caller's role: what is decided next rests on what no one can change meanwhile.
create function baton.lock_team(team_id uuid)
returns public.team_role language plpgsql set search_path = '' as $$
declare
  caller constant uuid := baton.caller();
begin
  perform from public.teams t where t.id = lock_team.team_id for no key update;
  return baton.role_of_member(lock_team.team_id, caller);
end
$$;

create function baton.lock_team_to_run_it(team_id uuid)
returns public.team_role language plpgsql set search_path = '' as $$
declare
  callers_role constant public.team_role := baton.lock_team(lock_team_to_run_it.team_id);
begin
  if callers_role >= 'admin' then return callers_role; end if;
  perform baton.refuse('BT002', 'Your role in this team does not allow this.', 'Ask an admin or an owner of the team.',
    jsonb_build_object('role', callers_role, 'needs', 'admin'));
end
$$;

-- Volatile, so that it reads what is there after the lock.
create function baton.role_of_member(team_id uuid, user_id uuid)
returns public.team_role language plpgsql set search_path = '' as $$
declare
  role constant public.team_role := (
    select m.role from public.memberships m
    where m.team_id = role_of_member.team_id and m.user_id = role_of_member.user_id
  );
begin
  if role is not null then return role; end if;
  perform baton.refuse('BT003', 'There is no such team or member, or you may not see it.',
    'Open the list of your teams again.');
end
$$;

create function baton.require_role_to_give(role public.team_role)
returns void language plpgsql immutable set search_path = '' as $$
begin
  if role is not null then return; end if;
  perform baton.refuse('BT004', 'A role is missing.', 'Choose member, senior, admin or owner.', '{"field": "role"}');
end
$$;

create function baton.check_ownership(callers_role public.team_role, variadic touched public.team_role[])
returns void language plpgsql immutable set search_path = '' as $$
begin
  if callers_role = 'owner' or 'owner' <> all (touched) then return; end if;
  perform baton.refuse('BT002', 'Only an owner gives or takes ownership.', 'Ask an owner of the team.',
    jsonb_build_object('role', callers_role, 'needs', 'owner'));
end
$$;

create function baton.require_an_owner(team_id uuid)
returns void language plpgsql set search_path = '' as $$
begin
  if exists (select from public.memberships m where m.team_id = require_an_owner.team_id and m.role = 'owner') then
    return;
  end if;
  perform baton.refuse('BT005', 'A team needs at least one owner.', 'Make someone else an owner first.',
    jsonb_build_object('team_id', require_an_owner.team_id));
end
$$;

-- Makes a change of the person's name wait until they have joined, or be seen when they do.
create function baton.hold_profile(user_id uuid)
returns void language sql set search_path = '' as $$
  select from public.profiles p where p.user_id = hold_profile.user_id for share
$$;

-- Adds a person to a team whose row is locked, or new.
create function baton.add_member(team_id uuid, user_id uuid, role public.team_role)
returns baton.new_event[] language plpgsql set search_path = '' as $$
declare
  membership public.memberships;
begin
  perform baton.hold_profile(add_member.user_id);
  insert into public.memberships (team_id, user_id, role)
  values (add_member.team_id, add_member.user_id, add_member.role) returning * into membership;
  return array[
    baton.event('team:' || add_member.team_id, 'member.joined', baton.member_json(membership)),
    baton.event('user:' || add_member.user_id, 'membership.added', baton.membership_json(membership))
  ];
end
$$;

-- Takes a person out of a team whose row is locked. `by` is null when they went on their own.
create function baton.drop_member(team_id uuid, user_id uuid, by uuid)
returns baton.new_event[] language plpgsql set search_path = '' as $$
declare
  unread constant baton.new_event := baton.forget_notifications_of(drop_member.team_id, drop_member.user_id);
begin
  delete from public.memberships m where m.team_id = drop_member.team_id and m.user_id = drop_member.user_id;
  perform baton.require_an_owner(drop_member.team_id);
  return array[
    baton.event('team:' || drop_member.team_id, 'member.removed',
      jsonb_build_object('user_id', drop_member.user_id, 'by', drop_member.by)),
    (select baton.event('user:' || drop_member.user_id, 'membership.removed',
      jsonb_build_object('team_id', t.id, 'team_name', t.name, 'by', drop_member.by))
    from public.teams t where t.id = drop_member.team_id),
    unread
  ];
end
$$;

create function public.user_snapshot()
returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare
  caller constant uuid := baton.caller();
begin
  return (
    select baton.notifications_snapshot(caller) || jsonb_build_object(
      'seq', baton.head('user:' || caller),
      'profile', baton.profile_json(p),
      'memberships', array(
        select baton.membership_json(m) from public.memberships m where m.user_id = caller order by m.joined_at, m.team_id
      )
    )
    from public.profiles p where p.user_id = caller
  );
end
$$;
revoke all on function public.user_snapshot() from public, anon, authenticated, service_role;
grant execute on function public.user_snapshot() to authenticated;
