-- Refusals, and the checks of what people type. The schema `baton` is ours alone: the data API does not expose it, and
-- no role but the owner of the migrations may name anything in it.
create schema baton;
revoke all on schema baton from public, anon, authenticated, service_role;

create extension if not exists pgcrypto with schema extensions;

-- A function is for those it is granted to. Without this, PostgreSQL lets everyone execute each new one.
alter default privileges revoke execute on functions from public;

-- Every refusal of Baton has a code that never changes (docs/errors.md), a sentence that says what happened, a hint that
-- says what to do, and details for programs.
create function baton.refuse(code text, message text, hint text, details jsonb default '{}')
returns void language plpgsql set search_path = '' as $$
begin
  raise exception using errcode = code, message = message, hint = hint, detail = details::text;
end
$$;

-- What is written in an event and what a snapshot answers must be the same text, whatever the time zone of a session.
-- Without a search path of its own, so that the planner puts it in place: every event has several.
create function baton.instant(moment timestamptz)
returns text language sql stable as $$
  select pg_catalog.to_char(moment at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

-- Spaces around a name are dropped, those of other scripts too.
create function baton.trimmed(typed text)
returns text language sql immutable set search_path = '' as $$
  select regexp_replace(typed, '^[\s\u00a0\u2000-\u200b\u3000]+|[\s\u00a0\u2000-\u200b\u3000]+$', '', 'g')
$$;

-- Refused are control characters, line separators and marks that turn the direction of writing: a name stands inside
-- mails and sentences, and must not rearrange them.
create function baton.is_name(typed text)
returns boolean language sql immutable set search_path = '' as $$
  select char_length(typed) between 1 and 80
    and typed !~ '[\u0001-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff]'
$$;

create function baton.valid_name(typed text, field text)
returns text language plpgsql immutable set search_path = '' as $$
declare
  name constant text := baton.trimmed(typed);
begin
  if baton.is_name(name) then return name; end if;
  perform baton.refuse('BT004', 'This name cannot be used.',
    'Use 1 to 80 characters, without line breaks or control characters.', jsonb_build_object('field', field));
end
$$;

create function baton.valid_email(typed text, field text)
returns text language plpgsql immutable set search_path = '' as $$
declare
  email constant text := lower(baton.trimmed(typed));
begin
  if char_length(email) <= 254 and email ~ '^[^\s@<>"(),:;\\\[\]\u0001-\u001f\u007f-\u009f]{1,64}@[^\s@.<>"(),:;\\\[\]]+(\.[^\s@.<>"(),:;\\\[\]]+)+$' then
    return email;
  end if;
  perform baton.refuse('BT004', 'This is not an e-mail address.',
    'Write it like name@example.com.', jsonb_build_object('field', field));
end
$$;
