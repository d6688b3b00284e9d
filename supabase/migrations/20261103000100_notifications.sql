-- Notifications: what one person should hear of. Whatever makes one calls `baton.notify` inside its own transaction and
-- appends the event with its others. A notification lives and dies with the membership: who leaves a team keeps nothing
-- that was told about it, and nobody is told of a team that they are not in.
--
-- Locks. `notify` shares the row of the membership (so a person cannot be on their way out meanwhile), and writes over an
-- unread notification of the same group, which others may be marking as read. They come after all rows of work and before
-- the topics, in the order
--
--   memberships (by person)  →  notifications (by person, then by group)  →  topics
--
-- so whoever notifies several people does it in the order of their ids. Nobody who holds one of these rows waits for a
-- chat, a run or a project.
create table public.notifications (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  team_id uuid not null,
  kind text not null check (kind ~ '^[a-z_]+(\.[a-z_]+)?$'),
  title text not null check (char_length(title) between 1 and 200),
  body text not null check (char_length(body) <= 1000),
  link text not null check (link ~ '^/([^/\\]|$)'),
  data jsonb not null default '{}' check (jsonb_typeof(data) = 'object'),
  group_key text check (char_length(group_key) between 1 and 200),
  created_at timestamptz not null default clock_timestamp(),
  read_at timestamptz,
  foreign key (team_id, user_id) references public.memberships on delete cascade
);
create index notifications_of_a_person on public.notifications (user_id, created_at desc, id);
create index unread_notifications on public.notifications (user_id, created_at) where read_at is null;
create unique index one_unread_notification_of_a_group on public.notifications (user_id, group_key) where read_at is null;
create index notifications_of_a_member on public.notifications (team_id, user_id);
create index old_notifications on public.notifications (created_at);

alter table public.notifications enable row level security;
revoke all on public.notifications from public, anon, authenticated, service_role;
grant select on public.notifications to authenticated, service_role;

create policy "people read their own notifications" on public.notifications
for select to authenticated using (user_id = (select auth.uid()));

create function baton.notification_json(notification public.notifications)
returns jsonb language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object('id', notification.id, 'team_id', notification.team_id, 'kind', notification.kind,
    'title', notification.title, 'body', notification.body, 'link', notification.link, 'data', notification.data,
    'created_at', baton.instant(notification.created_at), 'read_at', baton.instant(notification.read_at));
end
$$;

-- The event that the caller appends; null when the person is not in the team. Texts that are too long to be shown are
-- shortened. An unread notification with the same `group_key` is written over and moves to now: `again` says so in the
-- event, since the number of unread ones stays.
create function baton.notify(
  user_id uuid, team_id uuid, kind text, title text, body text, link text,
  data jsonb default '{}', group_key text default null
)
returns baton.new_event language plpgsql set search_path = '' as $$
#variable_conflict use_column
declare
  told_id uuid;
  is_new boolean;
begin
  perform from public.memberships m
  where m.team_id = notify.team_id and m.user_id = notify.user_id for key share;
  if not found then return null; end if;
  insert into public.notifications as n (user_id, team_id, kind, title, body, link, data, group_key)
  values (notify.user_id, notify.team_id, notify.kind, baton.shortened(notify.title, 200),
    baton.shortened(coalesce(notify.body, ''), 1000), notify.link, notify.data, notify.group_key)
  on conflict (user_id, group_key) where read_at is null do update
  set team_id = excluded.team_id, kind = excluded.kind, title = excluded.title, body = excluded.body,
      link = excluded.link, data = excluded.data, created_at = excluded.created_at
  returning n.id, n.xmax = 0 into told_id, is_new;
  return baton.event('user:' || notify.user_id, 'notification.added',
    (select baton.notification_json(n) from public.notifications n where n.id = told_id)
      || case when is_new then '{}' else '{"again": true}' end::jsonb);
end
$$;

create function baton.shortened(said text, bound integer)
returns text language sql immutable set search_path = '' as $$
  select case when char_length(said) <= bound then said else rtrim(left(said, bound - 1)) || '…' end
$$;

-- What was read in one browser is read in all. Ids of others, and of what was read before, change nothing.
create function public.read_notifications(ids uuid[])
returns void language plpgsql security definer set search_path = '' as $$
begin
  perform baton.append_events(array[baton.mark_notifications_read(baton.caller(), array(
    select n.id from public.notifications n
    where n.user_id = baton.caller() and n.id = any (read_notifications.ids) and n.read_at is null
  ))]);
end
$$;

-- Those up to `before`, which is the newest that the person saw: what came since stays unread. Compared in milliseconds,
-- since that is as fine as the clock of a browser goes.
create function public.read_all_notifications(before timestamptz default null)
returns void language plpgsql security definer set search_path = '' as $$
begin
  perform baton.append_events(array[baton.mark_notifications_read(baton.caller(), array(
    select n.id from public.notifications n
    where n.user_id = baton.caller() and n.read_at is null
      and date_trunc('milliseconds', n.created_at) <= coalesce(read_all_notifications.before, clock_timestamp())
  ))]);
end
$$;

revoke all on function public.read_notifications(uuid[]), public.read_all_notifications(timestamptz)
from public, anon, authenticated, service_role;
grant execute on function public.read_notifications(uuid[]), public.read_all_notifications(timestamptz) to authenticated;

-- One whose group was told again meanwhile is another story than the one that was read, and has moved on: it is looked at
-- again once its row is held.
create function baton.mark_notifications_read(user_id uuid, ids uuid[])
returns baton.new_event language plpgsql set search_path = '' as $$
declare
  moment constant timestamptz := clock_timestamp();
  changed uuid[];
begin
  perform from public.notifications n where n.id = any (mark_notifications_read.ids)
  order by n.group_key nulls first, n.id for no key update;
  with marked as (
    update public.notifications n set read_at = moment
    where n.id = any (mark_notifications_read.ids) and n.read_at is null and n.created_at <= moment
    returning n.id
  )
  select array_agg(m.id order by m.id) into changed from marked m;
  return baton.notifications_read(mark_notifications_read.user_id, changed, moment);
end
$$;

create function baton.notifications_read(user_id uuid, ids uuid[], moment timestamptz)
returns baton.new_event language sql stable set search_path = '' as $$
  select case when ids is not null then baton.event('user:' || user_id, 'notification.read',
    jsonb_build_object('ids', to_jsonb(ids), 'read_at', baton.instant(moment))) end
$$;

-- For `drop_member`: the unread ones of somebody who leaves are not waiting for them any more. Holds the membership
-- first, as `notify` does.
create function baton.forget_notifications_of(team_id uuid, user_id uuid)
returns baton.new_event language plpgsql set search_path = '' as $$
declare
  unread uuid[];
begin
  perform from public.memberships m
  where m.team_id = forget_notifications_of.team_id and m.user_id = forget_notifications_of.user_id for update;
  with gone as (
    delete from public.notifications n
    where n.team_id = forget_notifications_of.team_id and n.user_id = forget_notifications_of.user_id
    returning n.id, n.read_at
  )
  select array_agg(g.id order by g.id) into unread from gone g where g.read_at is null;
  return baton.notifications_read(forget_notifications_of.user_id, unread, clock_timestamp());
end
$$;

-- Retention, by `tick`: what was read goes after 30 days. What nobody read in 90 days is read then, so that the count of
-- every open page stays true, and goes 30 days later.
create function baton.forget_notifications()
returns baton.swept language plpgsql set search_path = '' as $$
declare
  read baton.new_event[];
begin
  if not exists (select from baton.chores c where c.name = 'forget_notifications' and c.due_at <= now()) then return null; end if;
  delete from public.notifications n where n.id in (
    select old.id from public.notifications old
    where old.created_at < now() - interval '30 days' and old.read_at < now() - interval '30 days'
    limit 1000 for update skip locked
  );
  read := array(
    select baton.mark_notifications_read(old.user_id, array_agg(old.id))
    from (
      select n.user_id, n.id from public.notifications n
      where n.read_at is null and n.created_at < now() - interval '90 days'
      order by n.user_id, n.id limit 1000
    ) old
    group by old.user_id order by old.user_id
  );
  update baton.chores c set due_at = now() + interval '10 minutes' where c.name = 'forget_notifications';
  return row(cardinality(read)::bigint, read);
end
$$;
insert into baton.chores values ('forget_notifications', now());

-- The newest 100; the unread ones are counted, however many there are.
create function baton.notifications_snapshot(user_id uuid)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'notifications', array(
      select baton.notification_json(n) from public.notifications n
      where n.user_id = notifications_snapshot.user_id order by n.created_at desc, n.id limit 100
    ),
    'unread_notifications', (
      select count(*) from public.notifications n
      where n.user_id = notifications_snapshot.user_id and n.read_at is null
    ))
$$;
