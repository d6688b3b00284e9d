-- What a path may be. Tools and screens help people to write good ones; here is the last line, for all of them. A path is
-- relative, in one spelling only (so that two strings are never one file), and one that every system of files can hold,
-- because projects are exported to all of them. Folders are not rows: they are there while a file is in them.

-- The rule that a path breaks, or null.
create function baton.path_fault(path text)
returns text language plpgsql immutable set search_path = '' as $$
begin
  return case
    when path is null or path = '' then 'empty'
    when octet_length(path) > 240 then 'too_long'
    when path is not nfc normalized then 'not_normalized'
    when path ~ '^/|//|/$|\\|(^|/)\.\.?(/|$)' then 'not_relative'
    when path ~ '[\u0001-\u001f\u007f-\u00a0\u00ad\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff<>:"|?*]' then 'characters'
    when path ~ '(^|/) |[ .](/|$)' then 'edges'
    when path ~* '(^|/)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.[^/]*)?(/|$)' then 'reserved'
    when path ~* '(^|/)(\.git|\.baton|node_modules|__proto__)(/|$)' then 'reserved'
    when path ~ '(/.*){16}' then 'too_deep'
  end;
end
$$;

create function baton.require_path(path text)
returns void language plpgsql immutable set search_path = '' as $$
declare
  fault constant text := baton.path_fault(path);
begin
  if fault is null then return; end if;
  perform baton.refuse('BT024', 'This path cannot be used.', case fault
    when 'empty' then 'Give the file a name.'
    when 'too_long' then 'Use at most 240 bytes.'
    when 'too_deep' then 'Use at most 15 folders inside each other.'
    when 'not_normalized' then 'Write accented letters as single characters (Unicode NFC).'
    when 'not_relative' then 'Write it relative to the project, with single slashes, like src/app.tsx.'
    when 'characters' then 'Leave out control characters, unusual spaces and < > : " | ? *.'
    when 'edges' then 'A name in the path begins with no space, and ends with neither space nor dot.'
    else 'This name is kept for the system; choose another one.'
  end, jsonb_build_object('path', path, 'rule', fault));
end
$$;

-- Two paths that differ in case alone would be one file on many disks, and so would two spellings of a folder.
create function baton.folded(path text)
returns text language plpgsql immutable set search_path = '' as $$
begin
  return lower(path collate "pg_c_utf8");
end
$$;

create function baton.folders_of(path text)
returns text[] language sql immutable set search_path = '' as $$
  select array(
    select array_to_string((string_to_array(path, '/'))[:depth], '/')
    from generate_series(1, cardinality(string_to_array(path, '/')) - 1) depth
  )
$$;
