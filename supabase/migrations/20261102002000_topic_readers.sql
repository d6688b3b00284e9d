-- Who may read a topic. This is the one place: channels, the table of events and `read_events` all ask here, and a new
-- kind of topic is a new line here. A topic is compared as text with those that are the caller's, so that whatever is
-- no topic, or not in its one spelling, is simply nobody's.
create function baton.my_topics()
returns setof text language sql stable security definer set search_path = '' as $$
  select 'user:' || auth.uid() where auth.uid() is not null
  union all
  select 'team:' || team_id from baton.my_teams() team_id
  union all
  select 'project:' || project_id from baton.my_projects() project_id
$$;
create function baton.can_read_topic(topic text)
returns boolean language sql stable security definer set search_path = '' as $$
  select exists (select from baton.my_topics() mine where mine = topic)
$$;
grant execute on function baton.my_topics(), baton.can_read_topic(text) to authenticated;

create policy "people read the events of the topics they may read" on public.events
for select to authenticated using (topic in (select baton.my_topics()));

-- A private channel of Realtime asks these. Nobody but the database broadcasts; presence is for those who may read.
drop policy if exists "people listen on the topics they may read" on realtime.messages;
create policy "people listen on the topics they may read" on realtime.messages
for select to authenticated
using (extension in ('broadcast', 'presence') and (select baton.can_read_topic((select realtime.topic()))));

drop policy if exists "people show their presence on the topics they may read" on realtime.messages;
create policy "people show their presence on the topics they may read" on realtime.messages
for insert to authenticated
with check (extension = 'presence' and (select baton.can_read_topic((select realtime.topic()))));

-- The events after `after_seq`, oldest first. `reset` says that the reader cannot go on from there: the events were
-- forgotten, or the reader is ahead of the log, as after a restore from a backup. It then takes a new snapshot.
create function public.read_events(topic text, after_seq bigint, max_events integer default 500)
returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare
  start constant bigint := coalesce(read_events.after_seq, 0);
  head bigint;
  oldest bigint;
  must_reset boolean;
begin
  if not baton.can_read_topic(read_events.topic) then
    perform baton.refuse('BT003', 'There is no such topic, or you may not read it.', 'Open the page again from the list.');
  end if;
  head := baton.head(read_events.topic);
  oldest := coalesce((select min(e.seq) from public.events e where e.topic = read_events.topic), head + 1);
  must_reset := start > head or start < oldest - 1;
  return jsonb_build_object('head', head, 'reset', must_reset, 'events', array(
    select baton.event_json(e) from public.events e
    where not must_reset and e.topic = read_events.topic and e.seq > start
    order by e.seq
    limit least(greatest(coalesce(read_events.max_events, 500), 1), 1000)
  ));
end
$$;
revoke all on function public.read_events(text, bigint, integer) from public, anon, authenticated, service_role;
grant execute on function public.read_events(text, bigint, integer) to authenticated;
