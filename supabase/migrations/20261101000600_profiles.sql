-- What people may know of each other. A profile lives and dies with its account in `auth.users`.
create table public.profiles (
  user_id uuid primary key references auth.users on delete cascade,
  display_name text not null check (baton.is_name(display_name)),
  email text not null,
  theme text not null default 'system' check (theme in ('system', 'light', 'dark')),
  created_at timestamptz not null default now()
);
create index profiles_by_address on public.profiles (lower(email));

alter table public.profiles enable row level security;
revoke all on public.profiles from public, anon, authenticated, service_role;
grant select on public.profiles to authenticated, service_role;

create function baton.profile_json(profile public.profiles)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object('user_id', profile.user_id, 'display_name', profile.display_name,
    'email', profile.email, 'theme', profile.theme)
$$;

-- Who is asking. A token can outlive its account.
create function baton.caller()
returns uuid language plpgsql stable set search_path = '' as $$
declare
  caller constant uuid := (select p.user_id from public.profiles p where p.user_id = (select auth.uid()));
begin
  if caller is not null then return caller; end if;
  perform baton.refuse('BT001', 'You are not signed in.', 'Sign in and try again.');
end
$$;

-- What is not given stays.
create function public.update_profile(display_name text default null, theme text default null)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  before public.profiles;
  after public.profiles;
begin
  if theme not in ('system', 'light', 'dark') then
    perform baton.refuse('BT004', 'There is no such theme.', 'Choose system, light or dark.', '{"field": "theme"}');
  end if;
  select p.* into before from public.profiles p where p.user_id = baton.caller() for no key update;
  update public.profiles p
  set display_name = baton.valid_name(coalesce(update_profile.display_name, p.display_name), 'display_name'),
      theme = coalesce(update_profile.theme, p.theme)
  where p.user_id = before.user_id
  returning p.* into after;
  perform baton.append_events(baton.profile_events(before, after));
  return baton.profile_json(after);
end
$$;
revoke all on function public.update_profile(text, text) from public, anon, authenticated, service_role;
grant execute on function public.update_profile(text, text) to authenticated;

-- A change of name or address is also told to the person's teams. The profile is locked before the memberships are read,
-- and a join reads the profile under a lock, so no team keeps an old name.
create function baton.profile_events(before public.profiles, after public.profiles)
returns baton.new_event[] language plpgsql stable set search_path = '' as $$
declare
  events baton.new_event[];
begin
  if before is not distinct from after then return null; end if;
  events := array[baton.event('user:' || after.user_id, 'profile.changed', baton.profile_json(after))];
  if (before.display_name, before.email) is not distinct from (after.display_name, after.email) then return events; end if;
  return events || (
    select array_agg(baton.event('team:' || m.team_id, 'member.renamed', jsonb_build_object(
      'user_id', after.user_id, 'display_name', after.display_name, 'email', after.email)))
    from public.memberships m where m.user_id = after.user_id
  );
end
$$;

-- A sign-up must not fail because of a name: what cannot be a name gives way to the address, and that to a word.
create function baton.name_of_account(account auth.users)
returns text language sql stable set search_path = '' as $$
  select candidate.name
  from (values
    (1, left(baton.trimmed(account.raw_user_meta_data ->> 'display_name'), 80)),
    (2, left(baton.trimmed(split_part(account.email, '@', 1)), 80)),
    (3, 'Someone')
  ) candidate (preference, name)
  where baton.is_name(candidate.name)
  order by candidate.preference
  limit 1
$$;

create function baton.create_profile()
returns trigger language plpgsql security definer set search_path = '' as $$
begin
  insert into public.profiles (user_id, display_name, email)
  values (new.id, baton.name_of_account(new), coalesce(new.email, ''));
  return null;
end
$$;
create trigger "an account has a profile"
after insert on auth.users for each row execute function baton.create_profile();

create function baton.follow_address()
returns trigger language plpgsql security definer set search_path = '' as $$
declare
  before public.profiles;
  after public.profiles;
begin
  select p.* into before from public.profiles p where p.user_id = new.id for no key update;
  update public.profiles p set email = coalesce(new.email, '') where p.user_id = new.id returning p.* into after;
  perform baton.append_events(baton.profile_events(before, after));
  return null;
end
$$;
create trigger "a profile follows the address of its account"
after update of email on auth.users for each row
when (old.email is distinct from new.email) execute function baton.follow_address();

-- Accounts that were there before Baton.
insert into public.profiles (user_id, display_name, email)
select account.id, baton.name_of_account(account), coalesce(account.email, '') from auth.users account;
