-- Search over what was said in the chats of a project. The project is a word of each text too, so that one index answers
-- "these words, in this project" without reading what others wrote. Words are matched by their beginnings and in no
-- language of their own, since people write in many (nor does the database fold the case of letters that are not ASCII by
-- itself): "chart" finds "charts", and `App.tsx` is two words wherever it stands.
create function baton.plain_words(typed text)
returns text language sql immutable set search_path = '' as $$
  select regexp_replace(lower(left(typed, 100000) collate pg_c_utf8), '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf]+', ' ', 'g')
$$;

create function baton.searchable(project_id uuid, said text)
returns tsvector language sql immutable set search_path = '' as $$
  select to_tsvector('pg_catalog.simple', baton.plain_words(said)) || array_to_tsvector(array['@' || project_id])
$$;

create index entries_by_their_words on public.entries using gin (baton.searchable(project_id, text))
where kind in ('message', 'text') and state = 'closed';

-- Best first. All words must be there; of very many hits the newest are ranked.
create function public.search_chats(project_id uuid, query text, max_hits integer default 40)
returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare
  project constant public.projects := baton.project_of_caller(search_chats.project_id);
  words constant text[] := (string_to_array(trim(baton.plain_words(left(query, 500))), ' '))[1:12];
  wanted tsquery;
begin
  if coalesce(cardinality(words), 0) = 0 or words = '{""}' then return '[]'; end if;
  wanted := to_tsquery('pg_catalog.simple', array_to_string(array(select w || ':*' from unnest(words) w), ' & '));
  return to_jsonb(array(
    select jsonb_build_object('entry_id', hit.id, 'chat_id', hit.chat_id, 'turn', hit.turn, 'kind', hit.kind,
      'author', hit.author, 'created_at', baton.instant(hit.created_at), 'excerpt', baton.excerpt(hit.text, words))
    from (
      select e.* from public.entries e
      where baton.searchable(e.project_id, e.text) @@ (('''@' || project.id || '''')::tsquery && wanted)
        and e.kind in ('message', 'text') and e.state = 'closed'
      order by e.created_at desc limit 400
    ) hit
    order by ts_rank(baton.searchable(hit.project_id, hit.text), wanted, 1) desc, hit.created_at desc
    limit least(greatest(coalesce(max_hits, 40), 1), 100)
  ));
end
$$;
revoke all on function public.search_chats(uuid, text, integer) from public, anon, authenticated, service_role;
grant execute on function public.search_chats(uuid, text, integer) to authenticated;

-- Some 200 characters around the first of the words that stands in it.
create function baton.excerpt(said text, words text[])
returns text language sql immutable set search_path = '' as $$
  select case when start > 1 then '…' else '' end
    || trim(regexp_replace(substr(said, start, 200), '\s+', ' ', 'g'))
    || case when char_length(said) >= start + 200 then '…' else '' end
  from (
    select greatest(1, coalesce(min(nullif(regexp_instr(said, '\m' || w, 1, 1, 0, 'i'), 0)), 1) - 60) as start
    from unnest(words) w
  ) place
$$;
