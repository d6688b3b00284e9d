-- An invitation lets the holder of one address into one team, once, within a week. The link holds 256 random bits; the
-- table holds their hash alone, so that who reads the table cannot join. At most one invitation of a team is open for an
-- address: inviting again closes the one before.
create table public.invitations (
  id uuid primary key default gen_random_uuid(),
  team_id uuid not null references public.teams on delete cascade,
  email text not null check (email = lower(email)),
  role public.team_role not null,
  token_hash bytea not null unique,
  invited_by uuid not null references public.profiles on delete cascade,
  mail_id uuid references public.mails on delete set null,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null default clock_timestamp() + interval '7 days',
  closed_at timestamptz,
  outcome text check (outcome in ('accepted', 'revoked', 'expired')),
  check ((closed_at is null) = (outcome is null))
);
create unique index one_open_invitation_for_an_address on public.invitations (team_id, email) where outcome is null;
create index invitations_to_expire on public.invitations (expires_at) where outcome is null;
create index invitations_of_a_team on public.invitations (team_id, created_at);
create index invitations_by_a_person on public.invitations (invited_by);
create index invitations_of_a_mail on public.invitations (mail_id);
create index invitations_to_forget on public.invitations (closed_at);

alter table public.invitations enable row level security;
revoke all on public.invitations from public, anon, authenticated, service_role;
grant select (id, team_id, email, role, invited_by, created_at, expires_at, closed_at, outcome)
  on public.invitations to authenticated;
grant select on public.invitations to service_role;

create policy "members read the invitations of their teams" on public.invitations
for select to authenticated using (team_id in (select baton.my_teams()));

create function baton.invitation_json(invitation public.invitations)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object('id', invitation.id, 'email', invitation.email, 'role', invitation.role,
    'invited_by', invitation.invited_by, 'created_at', baton.instant(invitation.created_at),
    'expires_at', baton.instant(invitation.expires_at))
$$;

create function public.invite_member(team_id uuid, email text, role public.team_role)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  address constant text := baton.valid_email(invite_member.email, 'email');
  callers_role constant public.team_role := baton.lock_team_to_run_it(invite_member.team_id);
  token constant text := baton.new_token();
  closed baton.new_event[];
  invitation public.invitations;
begin
  perform baton.require_role_to_give(invite_member.role);
  perform baton.check_ownership(callers_role, invite_member.role);
  perform baton.refuse_member(invite_member.team_id, p.user_id) from public.profiles p where lower(p.email) = address;
  perform baton.limit_invitations(invite_member.team_id);

  select array_agg(baton.close_invitation(open.id, 'revoked')) into closed
  from public.invitations open
  where open.team_id = invite_member.team_id and open.email = address and open.outcome is null;

  insert into public.invitations (team_id, email, role, token_hash, invited_by)
  values (invite_member.team_id, address, invite_member.role, baton.token_hash(token), baton.caller())
  returning * into invitation;
  invitation.mail_id := baton.mail_invitation(invitation, token);

  perform baton.append_events(closed
    || baton.event('team:' || invitation.team_id, 'invitation.created', baton.invitation_json(invitation)));
  return jsonb_build_object('invitation', baton.invitation_json(invitation), 'token', token,
    'mailed', invitation.mail_id is not null);
end
$$;

create function public.revoke_invitation(invitation_id uuid)
returns void language plpgsql security definer set search_path = '' as $$
declare
  team_id constant uuid := (select i.team_id from public.invitations i where i.id = revoke_invitation.invitation_id);
begin
  perform baton.lock_team_to_run_it(team_id);
  perform baton.append_events(array[baton.close_invitation(revoke_invitation.invitation_id, 'revoked')]);
end
$$;

-- Refuses in the order in which the answers may be known: who holds a link to someone else's invitation learns no more.
create function public.accept_invitation(token text)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  caller constant uuid := baton.caller();
  invitation public.invitations := baton.invitation_of_token(accept_invitation.token);
  events baton.new_event[];
begin
  perform from public.teams t where t.id = invitation.team_id for no key update;
  perform baton.hold_profile(caller);
  select i.* into invitation from public.invitations i where i.id = invitation.id for update;
  perform baton.require_address_of_invitation(invitation, caller);
  perform baton.require_open_invitation(invitation);
  perform baton.refuse_member(invitation.team_id, caller);

  events := baton.add_member(invitation.team_id, caller, invitation.role)
    || baton.close_invitation(invitation.id, 'accepted');
  perform baton.append_events(events);
  return (
    select baton.membership_json(m) from public.memberships m
    where m.team_id = invitation.team_id and m.user_id = caller
  );
end
$$;

create function public.peek_invitation(token text)
returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare
  caller constant uuid := baton.caller();
  invitation constant public.invitations := baton.invitation_of_token(peek_invitation.token);
begin
  return (
    select jsonb_build_object(
      'team_id', t.id, 'team_name', t.name, 'email', invitation.email, 'role', invitation.role,
      'invited_by', inviter.display_name, 'expires_at', baton.instant(invitation.expires_at),
      'state', coalesce(invitation.outcome, case when invitation.expires_at <= now() then 'expired' else 'open' end),
      'is_yours', baton.address_of(caller) = invitation.email)
    from public.teams t, public.profiles inviter
    where t.id = invitation.team_id and inviter.user_id = invitation.invited_by
  );
end
$$;

revoke all on function
  public.invite_member(uuid, text, public.team_role), public.revoke_invitation(uuid),
  public.accept_invitation(text), public.peek_invitation(text)
from public, anon, authenticated, service_role;
grant execute on function
  public.invite_member(uuid, text, public.team_role), public.revoke_invitation(uuid),
  public.accept_invitation(text), public.peek_invitation(text)
to authenticated;

create function baton.new_token()
returns text language sql volatile set search_path = '' as $$
  select rtrim(translate(encode(extensions.gen_random_bytes(32), 'base64'), '+/', '-_'), '=')
$$;
create function baton.token_hash(token text)
returns bytea language sql immutable set search_path = '' as $$
  select sha256(convert_to(token, 'UTF8'))
$$;

create function baton.invitation_of_token(token text)
returns public.invitations language plpgsql stable set search_path = '' as $$
declare
  invitation public.invitations;
begin
  select i.* into invitation from public.invitations i where i.token_hash = baton.token_hash(invitation_of_token.token);
  if found then return invitation; end if;
  perform baton.refuse('BT003', 'There is no such invitation.', 'Check that the link is complete, or ask for a new one.');
end
$$;

create function baton.address_of(user_id uuid)
returns text language sql stable set search_path = '' as $$
  select lower(account.email) from auth.users account where account.id = address_of.user_id
$$;

create function baton.require_address_of_invitation(invitation public.invitations, caller uuid)
returns void language plpgsql stable set search_path = '' as $$
begin
  if baton.address_of(caller) is distinct from invitation.email then
    perform baton.refuse('BT008', 'This invitation is for another e-mail address.',
      'Sign in with the address that was invited.', jsonb_build_object('email', invitation.email));
  end if;
  if not exists (select from auth.users account where account.id = caller and account.email_confirmed_at is not null) then
    perform baton.refuse('BT010', 'Your e-mail address is not confirmed.', 'Open the link in the mail that confirms it.');
  end if;
end
$$;

create function baton.require_open_invitation(invitation public.invitations)
returns void language plpgsql set search_path = '' as $$
begin
  if invitation.outcome in ('accepted', 'revoked') then
    perform baton.refuse('BT007', 'This invitation was already used or withdrawn.', 'Ask for a new one.',
      jsonb_build_object('outcome', invitation.outcome));
  end if;
  if invitation.outcome = 'expired' or invitation.expires_at <= clock_timestamp() then
    perform baton.refuse('BT006', 'This invitation has expired.', 'Ask for a new one.',
      jsonb_build_object('expires_at', baton.instant(invitation.expires_at)));
  end if;
end
$$;

create function baton.refuse_member(team_id uuid, user_id uuid)
returns void language plpgsql set search_path = '' as $$
begin
  if exists (
    select from public.memberships m
    where m.team_id = refuse_member.team_id and m.user_id = refuse_member.user_id
  ) then
    perform baton.refuse('BT009', 'This person is already a member of the team.', 'Open the list of members.',
      jsonb_build_object('user_id', refuse_member.user_id));
  end if;
end
$$;

-- The team's row is locked, so nobody slips past the count.
create function baton.limit_invitations(team_id uuid)
returns void language plpgsql set search_path = '' as $$
declare
  within_the_hour constant bigint := (
    select count(*) from public.invitations i
    where i.team_id = limit_invitations.team_id and i.created_at > now() - interval '1 hour'
  );
begin
  if within_the_hour < 200 then return; end if;
  perform baton.refuse('BT011', 'This team has invited too many people within an hour.', 'Wait a while, then go on.',
    jsonb_build_object('limit', 200, 'seconds', 3600));
end
$$;

-- The one place where an invitation ends. Null when it had ended before.
create function baton.close_invitation(invitation_id uuid, outcome text)
returns baton.new_event language plpgsql set search_path = '' as $$
declare
  invitation public.invitations;
begin
  update public.invitations i set outcome = close_invitation.outcome, closed_at = clock_timestamp()
  where i.id = close_invitation.invitation_id and i.outcome is null
  returning i.* into invitation;
  if not found then return null; end if;
  perform baton.drop_mail(invitation.mail_id, 'The invitation was closed before the mail left.');
  return baton.event('team:' || invitation.team_id, 'invitation.closed',
    jsonb_build_object('id', invitation.id, 'outcome', invitation.outcome));
end
$$;

-- Writes the mail and answers its id; null when nobody has said where the app is (setting `app_url`).
create function baton.mail_invitation(invitation public.invitations, token text)
returns uuid language plpgsql set search_path = '' as $$
declare
  link constant text := baton.setting('app_url') || '/invite#' || token;
  team constant text := (select t.name from public.teams t where t.id = invitation.team_id);
  inviter constant text := (select p.display_name from public.profiles p where p.user_id = invitation.invited_by);
  invite constant text := format('%s invites you to the team %s on Baton.', inviter, team);
  note constant text := 'The link works once, for this address, within 7 days.';
  mail uuid;
begin
  if link is null then return null; end if;
  mail := baton.queue_mail(
    invitation.email,
    format('%s invites you to %s', inviter, team),
    format(E'%s\n\nJoin: %s\n\n%s\n', invite, link, note),
    format('<p>%s</p><p><a href="%s">Join the team</a></p><p>%s</p>', baton.as_html(invite), baton.as_html(link), note)
  );
  update public.invitations i set mail_id = mail where i.id = invitation.id;
  return mail;
end
$$;

create function baton.as_html(written text)
returns text language sql immutable set search_path = '' as $$
  select replace(replace(replace(replace(written, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;')
$$;

-- Run by `tick`. It locks no team: it takes only invitations that nobody else holds, and waits for none.
create function baton.expire_invitations()
returns baton.swept language plpgsql set search_path = '' as $$
declare
  events baton.new_event[];
begin
  select array_agg(baton.close_invitation(due.id, 'expired')) into events
  from (
    select i.id from public.invitations i
    where i.outcome is null and i.expires_at <= clock_timestamp()
    limit 100 for update skip locked
  ) due;
  delete from public.invitations i where i.closed_at < now() - interval '30 days';
  return row(coalesce(cardinality(events), 0)::bigint, events);
end
$$;

create function public.team_snapshot(team_id uuid)
returns jsonb language plpgsql stable security definer set search_path = '' as $$
begin
  perform baton.caller();
  if not exists (select from baton.my_teams() mine where mine = team_snapshot.team_id) then
    perform baton.refuse('BT003', 'There is no such team, or you may not see it.', 'Open the list of your teams again.');
  end if;
  return (
    select jsonb_build_object(
      'seq', baton.head('team:' || t.id),
      'team', baton.team_json(t),
      'members', array(
        select baton.member_json(m) from public.memberships m where m.team_id = t.id order by m.joined_at, m.user_id
      ),
      'invitations', array(
        select baton.invitation_json(i) from public.invitations i
        where i.team_id = t.id and i.outcome is null order by i.created_at, i.id
      ),
      'projects', array(
        select baton.project_json(p) from public.projects p where p.team_id = t.id order by p.created_at, p.id
      )
    )
    from public.teams t where t.id = team_snapshot.team_id
  );
end
$$;
revoke all on function public.team_snapshot(uuid) from public, anon, authenticated, service_role;
grant execute on function public.team_snapshot(uuid) to authenticated;
