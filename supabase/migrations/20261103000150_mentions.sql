-- Mentions: `@` and the name of somebody in the team, anywhere in what people write to each other. They are read from the
-- text here, so that nobody is told of a text that does not name them, whoever sent it and however. The names are kept
-- with the text, since people change theirs.
--
-- A longer name is taken before a shorter one that it begins with; people of the same name are all meant.
create function baton.mentions_in(team_id uuid, said text)
returns jsonb language plpgsql stable set search_path = '' as $$
declare
  rest text := lower(said);
  mentions jsonb := '[]';
  person record;
begin
  if position('@' in rest) = 0 then return mentions; end if;
  for person in
    select lower(p.display_name) as name, jsonb_agg(
      jsonb_build_object('user_id', p.user_id, 'name', p.display_name) order by p.user_id) as people
    from public.memberships m join public.profiles p using (user_id)
    where m.team_id = mentions_in.team_id
    group by lower(p.display_name) order by char_length(lower(p.display_name)) desc, 1
  loop
    continue when position('@' || person.name in rest) = 0;
    continue when rest !~ baton.mention_pattern(person.name);
    rest := regexp_replace(rest, baton.mention_pattern(person.name), ' ', 'g');
    mentions := mentions || person.people;
  end loop;
  return mentions;
end
$$;

create function baton.mentions_in_project(project_id uuid, said text)
returns jsonb language sql stable set search_path = '' as $$
  select case when position('@' in said) = 0 then '[]' else baton.mentions_in(p.team_id, said) end
  from public.projects p where p.id = mentions_in_project.project_id
$$;

create function baton.mention_pattern(name text)
returns text language sql immutable set search_path = '' as $$
  select '(?<![[:alnum:]_])@' || regexp_replace(name, '([^[:alnum:][:space:]])', '\\\1', 'g') || '(?![[:alnum:]_])'
$$;

-- Nobody is told of what they wrote themselves.
create function baton.newly_mentioned(mentions jsonb, before jsonb, author uuid)
returns uuid[] language sql immutable set search_path = '' as $$
  select array(
    select (m ->> 'user_id')::uuid from jsonb_array_elements(mentions) m
    where (m ->> 'user_id')::uuid <> author
      and not exists (select from jsonb_array_elements(before) b where b ->> 'user_id' = m ->> 'user_id')
    order by 1
  )
$$;

create function baton.name_of(user_id uuid)
returns text language sql stable set search_path = '' as $$
  select coalesce((select p.display_name from public.profiles p where p.user_id = name_of.user_id), 'Someone')
$$;

create function baton.tell_mentioned(
  people uuid[], team_id uuid, author uuid, place text, said text, link text, data jsonb, group_key text
)
returns baton.new_event[] language sql set search_path = '' as $$
  select array(
    select baton.notify(p.user_id, team_id, 'mention', baton.name_of(author) || ' mentioned you ' || place, said, link, data,
      group_key)
    from (select u.user_id from unnest(people) u (user_id) order by u.user_id) p
  )
$$;

-- For a message whose chat is held: where it is known by its entry, or by its own id until a run takes it.
create function baton.tell_mentioned_in_message(chat public.chats, message public.messages, before jsonb)
returns baton.new_event[] language plpgsql set search_path = '' as $$
declare
  people constant uuid[] := baton.newly_mentioned(message.mentions, before, message.author);
begin
  if people = '{}' then return '{}'; end if;
  return baton.tell_mentioned(people, (select p.team_id from public.projects p where p.id = chat.project_id),
    message.author, 'in “' || chat.title || '”', message.content,
    '/p/' || chat.project_id || '/c/' || chat.id || '?entry=' || coalesce(message.entry_id, message.id),
    jsonb_build_object('project_id', chat.project_id, 'chat_id', chat.id, 'message_id', message.id),
    'message:' || message.id);
end
$$;
