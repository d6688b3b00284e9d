-- Broadcast from the database, as on hosted Supabase: an insert into realtime.messages reaches the channel of its topic
-- once it is committed, and the policies on that table say who may read and write a private channel.

create schema if not exists realtime;
alter schema realtime owner to supabase_realtime_admin;
grant usage on schema realtime to postgres, anon, authenticated, service_role;

-- The server evaluates filters on the tables of every schema that the service role may use.
grant service_role to supabase_realtime_admin with inherit true;

create table if not exists realtime.messages (
  topic text not null,
  extension text not null,
  payload jsonb,
  event text,
  private boolean default false,
  updated_at timestamp not null default now(),
  inserted_at timestamp not null default now(),
  id uuid not null default gen_random_uuid(),
  binary_payload bytea,
  primary key (id, inserted_at),
  constraint messages_payload_exclusive check (payload is null or binary_payload is null)
) partition by range (inserted_at);
alter table realtime.messages owner to supabase_realtime_admin;
alter table realtime.messages enable row level security;
grant select, insert, update on realtime.messages to anon, authenticated, service_role;
create index if not exists messages_inserted_at_topic_index on realtime.messages (topic, inserted_at desc)
  where extension = 'broadcast' and private;

create or replace function realtime.topic() returns text language sql stable as $$
  select nullif(current_setting('realtime.topic', true), '')::text
$$;

-- A hint is never worth the transaction that sends it: whatever goes wrong becomes a warning.
create or replace function realtime.send(payload jsonb, event text, topic text, private boolean default true)
returns void language plpgsql as $$
declare
  message_id uuid := gen_random_uuid();
begin
  begin
    perform set_config('realtime.topic', topic, true);
    insert into realtime.messages (id, payload, event, topic, private, extension)
    values (
      message_id,
      case when payload ? 'id' then payload else jsonb_set(payload, '{id}', to_jsonb(message_id)) end,
      event, topic, private, 'broadcast'
    );
  exception when others then
    raise warning 'ErrorSendingBroadcastMessage: %', sqlerrm;
  end;
end
$$;

create or replace function realtime.send_binary(payload bytea, event text, topic text, private boolean default true)
returns void language plpgsql as $$
begin
  begin
    perform set_config('realtime.topic', topic, true);
    insert into realtime.messages (binary_payload, event, topic, private, extension)
    values (payload, event, topic, private, 'broadcast');
  exception when others then
    raise warning 'ErrorSendingBroadcastMessage: %', sqlerrm;
  end;
end
$$;

create or replace function realtime.broadcast_changes(
  topic_name text, event_name text, operation text, table_name text, table_schema text,
  new record, old record, level text default 'ROW'
) returns void language plpgsql as $$
begin
  if level = 'STATEMENT' then
    raise exception 'function can only be triggered for each row, not for each statement';
  end if;
  if operation not in ('INSERT', 'UPDATE', 'DELETE') then
    raise exception 'Unexpected operation type: %', operation;
  end if;
  perform realtime.send(
    jsonb_build_object(
      'schema', table_schema, 'table', table_name, 'operation', operation, 'record', new, 'old_record', old
    ),
    event_name, topic_name
  );
end
$$;

-- A partition is filled as a table of its own and then attached, which does not wait for those who are inserting.
create or replace function realtime.create_message_partitions() returns void language plpgsql as $$
declare
  today date := (now() at time zone 'utc')::date;
  day date;
  partition_name text;
begin
  perform pg_advisory_xact_lock(hashtext('realtime.messages'));
  for day in select generate_series(today - 1, today + 3, interval '1 day')::date loop
    partition_name := 'messages_' || to_char(day, 'YYYY_MM_DD');
    if to_regclass(format('realtime.%I', partition_name)) is null then
      execute format('create table realtime.%I (like realtime.messages including all)', partition_name);
      execute format('alter table realtime.%I owner to supabase_realtime_admin', partition_name);
      execute format('alter table realtime.%I enable row level security', partition_name);
      execute format(
        'alter table realtime.messages attach partition realtime.%I for values from (%L) to (%L)',
        partition_name, day, day + 1
      );
    end if;
  end loop;
end
$$;

create or replace function realtime.drop_old_message_partitions() returns integer
language plpgsql set lock_timeout = '2s' as $$
declare
  oldest date := ((now() at time zone 'utc') - interval '72 hours')::date;
  partition_name text;
  dropped integer := 0;
begin
  for partition_name in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'realtime.messages'::regclass and c.relname ~ '^messages_\d{4}_\d{2}_\d{2}$'
      and to_date(substr(c.relname, 10), 'YYYY_MM_DD') < oldest
  loop
    execute format('drop table realtime.%I', partition_name);
    dropped := dropped + 1;
  end loop;
  return dropped;
end
$$;

-- May these claims read the topic? One probe row per extension is written by the server and looked for as the user;
-- the exception takes back the rows, the role and the settings.
create or replace function realtime.probe_read(
  probe_topic text, claims jsonb, headers jsonb, with_presence boolean,
  out broadcast boolean, out presence boolean
) language plpgsql as $$
declare
  broadcast_id uuid := gen_random_uuid();
  presence_id uuid := gen_random_uuid();
begin
  insert into realtime.messages (id, topic, extension) values (broadcast_id, probe_topic, 'broadcast');
  if with_presence then
    insert into realtime.messages (id, topic, extension) values (presence_id, probe_topic, 'presence');
  end if;
  perform realtime.become(probe_topic, claims, headers);
  select coalesce(bool_or(m.id = broadcast_id), false), coalesce(bool_or(m.id = presence_id), false)
    into broadcast, presence
    from realtime.messages m
    where m.topic = probe_topic and m.id in (broadcast_id, presence_id);
  raise exception using errcode = 'RTOK0';
exception when sqlstate 'RTOK0' then
  return;
end
$$;

create or replace function realtime.probe_write(
  probe_topic text, claims jsonb, headers jsonb, probe_extension text
) returns boolean language plpgsql as $$
begin
  perform realtime.become(probe_topic, claims, headers);
  insert into realtime.messages (topic, extension) values (probe_topic, probe_extension);
  raise exception using errcode = 'RTOK0';
exception
  when sqlstate 'RTOK0' then return true;
  when insufficient_privilege then return false;
end
$$;

create or replace function realtime.become(probe_topic text, claims jsonb, headers jsonb) returns void
language sql as $$
  select
    set_config('realtime.topic', probe_topic, true),
    set_config('request.jwt.claims', claims::text, true),
    set_config('request.jwt.claim.sub', coalesce(claims ->> 'sub', ''), true),
    set_config('request.jwt.claim.role', claims ->> 'role', true),
    set_config('request.headers', headers::text, true),
    set_config('role', claims ->> 'role', true);
$$;

-- A transaction is in the log, and may already have been read from there, a moment before others see what it did:
-- who is about to look waits for that moment to pass.
create or replace function realtime.await_visible(transactions bigint[]) returns void language plpgsql as $$
declare
  deadline timestamptz := clock_timestamp() + interval '5 seconds';
  snapshot pg_snapshot;
begin
  loop
    snapshot := pg_current_snapshot();
    exit when clock_timestamp() > deadline or not exists (
      select from unnest(transactions) t
      where not pg_visible_in_snapshot(realtime.full_transaction_id(t, snapshot), snapshot)
    );
    perform pg_sleep(0.0005);
  end loop;
end
$$;

-- The log has 32 bits of it; the rest is that of its neighbours.
create or replace function realtime.full_transaction_id(short bigint, snapshot pg_snapshot) returns xid8
language sql immutable as $$
  select (case
    when candidate - neighbour > 2147483648 then candidate - 4294967296
    when neighbour - candidate > 2147483648 then candidate + 4294967296
    else candidate
  end)::text::xid8
  from (select pg_snapshot_xmax(snapshot)::text::bigint as neighbour) n,
    lateral (select ((neighbour >> 32) << 32) | short as candidate) c
$$;

-- What a filter means in SQL: `subject` is an expression of type `type_name`.
create or replace function realtime.filter_condition(subject text, type_name text, filter jsonb) returns text
language plpgsql immutable as $$
declare
  operator text := filter ->> 'operator';
  negated boolean := (filter ->> 'negated')::boolean;
  value text := filter -> 'values' ->> 0;
  positive text;
begin
  if operator = 'is' then
    if value not in ('null', 'true', 'false', 'unknown') then
      raise exception 'invalid value for is filter: must be null, true, false, or unknown';
    end if;
    return format('(%s is %s %s)', subject, case when negated then 'not' else '' end, value);
  end if;
  positive := case operator
    when 'in' then format(
      '%s = any(%L::%s[])', subject, array(select jsonb_array_elements_text(filter -> 'values')), type_name)
    when 'isdistinct' then format('%s is distinct from %L::%s', subject, value, type_name)
    else format('%s %s %L::%s', subject, case operator
      when 'eq' then '=' when 'neq' then '<>' when 'lt' then '<' when 'lte' then '<=' when 'gt' then '>'
      when 'gte' then '>=' when 'like' then 'like' when 'ilike' then 'ilike' when 'match' then '~'
      when 'imatch' then '~*' end, value, type_name)
  end;
  return format('coalesce(%s (%s), false)', case when negated then 'not' else '' end, positive);
end
$$;

-- Raises, in words for the subscriber, when a subscription could never be evaluated.
create or replace function realtime.check_subscription(
  relation oid, role_name text, filters jsonb, selected text[]
) returns void language plpgsql as $$
declare
  filter jsonb;
  column_name text;
  type_name text;
  operator text;
begin
  for filter in select jsonb_array_elements(filters) loop
    column_name := filter ->> 'column';
    operator := filter ->> 'operator';
    select format_type(atttypid, atttypmod) into type_name from pg_attribute
      where attrelid = relation and attname = column_name and attnum > 0 and not attisdropped
        and has_column_privilege(role_name, relation, attnum, 'SELECT');
    if type_name is null then
      raise exception 'invalid column for filter %', column_name;
    end if;
    execute format('select %s', realtime.filter_condition(
      format('null::%s', type_name), type_name, filter));
    if operator in ('match', 'imatch') then
      perform '' ~ (filter -> 'values' ->> 0);
    end if;
  end loop;
  foreach column_name in array coalesce(selected, '{}') loop
    if not exists (
      select from pg_attribute
      where attrelid = relation and attname = column_name and attnum > 0 and not attisdropped
        and has_column_privilege(role_name, relation, attnum, 'SELECT')
    ) then
      raise exception 'invalid column for select %', column_name;
    end if;
  end loop;
end
$$;

-- One change of one row, for everybody who subscribed to it: its values as JSON, which columns each role may read, and
-- for each audience (role, claims, filters) whether the change is theirs. Values come as the log has them, as text.
create or replace function realtime.evaluate_change(
  relation oid, action text, transaction_id bigint,
  new_names text[], new_values text[], old_names text[], old_values text[], audiences jsonb,
  out columns jsonb, out new_json text[], out old_json text[], out readable jsonb, out visible boolean[]
) language plpgsql as $$
declare
  is_protected boolean := relrowsecurity from pg_class where oid = relation;
  filtered_names text[] := case when action = 'DELETE' then old_names else new_names end;
  conditions text;
  row_exists text;
begin
  perform realtime.await_visible(array[transaction_id]);
  select jsonb_agg(
    jsonb_build_object('name', a.attname, 'type', t.typname, 'key', coalesce(a.attnum = any(i.indkey), false))
    order by a.attnum
  ) into columns
  from pg_attribute a
  join pg_type t on t.oid = a.atttypid
  left join pg_index i on i.indrelid = a.attrelid and i.indisprimary
  where a.attrelid = relation and a.attnum > 0 and not a.attisdropped;

  new_json := realtime.values_as_json(relation, new_names, new_values);
  old_json := realtime.values_as_json(relation, old_names, old_values);

  select jsonb_object_agg(r.role_name, (
    select coalesce(jsonb_agg(a.attname), '[]') from pg_attribute a
    where a.attrelid = relation and a.attnum > 0 and not a.attisdropped
      and has_column_privilege(r.role_name, relation, a.attnum, 'SELECT')
  )) into readable
  from (select distinct value ->> 'role' as role_name from jsonb_array_elements(audiences)) r;

  select string_agg(realtime.audience_condition(relation, filtered_names, value -> 'filters'), ',' order by ordinality)
    into conditions from jsonb_array_elements(audiences) with ordinality;
  execute format('select array[%s]', conditions) into visible
    using case when action = 'DELETE' then old_values else new_values end;
  if action = 'DELETE' or not is_protected then return; end if;

  select format('select exists (select from %s where %s)', relation::regclass, string_agg(
    format('%I = ($1[%s])::%s', a.attname, array_position(new_names, a.attname::text),
      format_type(a.atttypid, a.atttypmod)), ' and '))
    into row_exists
    from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
    where i.indrelid = relation and i.indisprimary;
  if row_exists is null then return; end if;

  for i in 1 .. jsonb_array_length(audiences) loop
    if visible[i] then
      visible[i] := realtime.sees_row(row_exists, new_values, audiences -> (i - 1));
    end if;
  end loop;
end
$$;

create or replace function realtime.values_as_json(relation oid, names text[], row_values text[]) returns text[]
language plpgsql as $$
declare
  expressions text;
  result text[];
begin
  if coalesce(cardinality(names), 0) = 0 then return '{}'; end if;
  select string_agg(format('coalesce(to_jsonb(%s)::text, ''null'')', case
    when a.attname is null then format('$1[%s]', n.ordinality)
    when a.atttypid = 'bytea'::regtype then format('encode(($1[%s])::bytea, ''hex'')', n.ordinality)
    else format('($1[%s])::%s', n.ordinality, format_type(a.atttypid, a.atttypmod))
  end), ',' order by n.ordinality) into expressions
  from unnest(names) with ordinality n(name, ordinality)
  left join pg_attribute a on a.attrelid = relation and a.attname = n.name and a.attnum > 0 and not a.attisdropped;
  execute format('select array[%s]', expressions) into result using row_values;
  return result;
end
$$;

-- A filter on a column that the log does not carry for this change lets nothing through.
create or replace function realtime.audience_condition(relation oid, names text[], filters jsonb) returns text
language sql stable as $$
  select coalesce(string_agg(case
    when a.attname is null or array_position(names, a.attname::text) is null then 'false'
    else realtime.filter_condition(
      format('($1[%s])::%s', array_position(names, a.attname::text), format_type(a.atttypid, a.atttypmod)),
      format_type(a.atttypid, a.atttypmod), f.value)
  end, ' and '), 'true')
  from jsonb_array_elements(filters) f
  left join pg_attribute a
    on a.attrelid = relation and a.attname = f.value ->> 'column' and a.attnum > 0 and not a.attisdropped
$$;

-- As that user, in a block of its own: a policy that fails hides the row from its audience and from nobody else.
create or replace function realtime.sees_row(query text, key_values text[], audience jsonb) returns boolean
language plpgsql as $$
declare
  result boolean;
begin
  perform set_config('request.jwt.claims', audience ->> 'claims', true);
  perform set_config('request.jwt.claim.sub', '', true);
  perform set_config('request.jwt.claim.role', '', true);
  perform set_config('role', audience ->> 'role', true);
  execute query into result using key_values;
  perform set_config('role', 'none', true);
  return result;
exception when others then
  return false;
end
$$;

do $$
declare
  routine regprocedure;
begin
  for routine in select oid from pg_proc where pronamespace = 'realtime'::regnamespace loop
    execute format('alter function %s owner to supabase_realtime_admin', routine);
    execute format('revoke all on function %s from public', routine);
  end loop;
end
$$;
grant execute on function
  realtime.topic(), realtime.send(jsonb, text, text, boolean), realtime.send_binary(bytea, text, text, boolean),
  realtime.broadcast_changes(text, text, text, text, text, record, record, text)
  to public;

select realtime.create_message_partitions();

do $$
begin
  if not exists (select from pg_publication where pubname = 'supabase_realtime') then
    create publication supabase_realtime;
  end if;
  alter publication supabase_realtime owner to postgres;
  if not exists (select from pg_publication where pubname = 'supabase_realtime_messages_publication') then
    create publication supabase_realtime_messages_publication for table realtime.messages
      with (publish = 'insert', publish_via_partition_root = true);
  end if;
end
$$;
