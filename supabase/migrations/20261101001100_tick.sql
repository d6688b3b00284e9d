-- What time does: every second pg_cron, or the ticker where there is none, calls `tick`. Calling it twice at once is
-- harmless: the second finds the lock taken and leaves. Each chore does a bite, and the next tick the next one. None of
-- them appends its events: they are of the same topics, and are appended once, when all rows are held.
create table baton.chores (
  name text primary key,
  due_at timestamptz not null
);
alter table baton.chores enable row level security;
revoke all on baton.chores from public, anon, authenticated, service_role;
insert into baton.chores values ('forget_events', now());

create function public.tick()
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  forgotten bigint;
  unread baton.swept;
  given_up baton.swept;
  given_up_builds baton.swept;
  expired baton.swept;
  lapsed baton.swept;
begin
  if not pg_try_advisory_xact_lock(hashtextextended('baton.tick', 0)) then return '{"busy": true}'; end if;
  forgotten := baton.forget_events_when_due();
  unread := baton.forget_notifications();
  perform baton.tidy_mails();
  perform baton.forget_imports();
  if exists (select from public.mails m where baton.mail_is_due(m)) then perform public.wake('mail'); end if;
  perform baton.forget_builds_when_due();
  given_up := baton.sweep_runs();
  given_up_builds := baton.sweep_builds();
  expired := baton.expire_invitations();
  lapsed := baton.sweep_escalations();
  perform baton.append_events(
    unread.events || given_up.events || given_up_builds.events || expired.events || lapsed.events);
  return jsonb_build_object('busy', false, 'expired_invitations', expired.count, 'forgotten_events', forgotten,
    'given_up_runs', given_up.count, 'given_up_builds', given_up_builds.count, 'lapsed_claims', lapsed.count);
end
$$;
revoke all on function public.tick() from public, anon, authenticated, service_role;
grant execute on function public.tick() to service_role;

-- Looking through all topics every second would cost more than it frees: once in ten minutes will do, and at once
-- again while there is more to forget.
create function baton.forget_events_when_due()
returns bigint language plpgsql set search_path = '' as $$
declare
  forgotten bigint;
begin
  if not exists (select from baton.chores c where c.name = 'forget_events' and c.due_at <= now()) then return 0; end if;
  forgotten := baton.forget_events();
  if forgotten = 0 then
    update baton.chores c set due_at = now() + interval '10 minutes' where c.name = 'forget_events';
  end if;
  return forgotten;
end
$$;
