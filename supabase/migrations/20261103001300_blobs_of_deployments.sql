-- The blobs of deployments. Their home is the bucket `deployments`, where each is an object named by its hash. On its way
-- there a text may wait in a row, so that a preview need not wait for an upload: `finish_build` commits it with the
-- deployment, and any builder carries it to Storage later. A deployment therefore never names a blob that is not there.
--
-- Blobs are shared by all deployments of all projects. When a deployment is forgotten, those of its blobs that no other
-- names are doomed; an hour later a builder takes some under a lease, deletes the objects, and says so. In between a build
-- may want one again: naming it takes its doom away, unless a builder is just deleting it, in which case the blob counts
-- as missing and is uploaded anew. Both sides hold the row of the doomed blob, so one comes first.
create table public.fresh_blobs (
  hash text primary key check (hash ~ '^[0-9a-f]{64}$'),
  content text not null,
  type text not null,
  size integer not null,
  created_at timestamptz not null default clock_timestamp()
);
create index fresh_blobs_by_age on public.fresh_blobs (created_at);
create table public.doomed_blobs (
  hash text primary key,
  doomed_at timestamptz not null default clock_timestamp(),
  deleting_until timestamptz
);

alter table public.fresh_blobs enable row level security;
alter table public.doomed_blobs enable row level security;
revoke all on public.fresh_blobs, public.doomed_blobs from public, anon, authenticated, service_role;
grant select on public.fresh_blobs, public.doomed_blobs to service_role;

create function public.missing_blobs(hashes text[])
returns text[] language plpgsql stable security definer set search_path = '' as $$
begin
  return baton.blobs_not_there(missing_blobs.hashes);
end
$$;

create function public.read_fresh_blobs(hashes text[])
returns jsonb language plpgsql stable security definer set search_path = '' as $$
begin
  return baton.fresh_contents(read_fresh_blobs.hashes);
end
$$;

-- What is in Storage by now leaves the rows. Answers how many did.
create function public.store_fresh_blobs(hashes text[])
returns integer language sql security definer set search_path = '' as $$
  with stored as (
    delete from public.fresh_blobs f
    where f.hash = any (hashes) and exists (
      select from storage.objects o where o.bucket_id = 'deployments' and o.name = 'blobs/' || f.hash
    )
    returning 1
  )
  select count(*)::integer from stored
$$;

create function public.fresh_blobs_to_store(max integer default 50, older_than_ms integer default 2000)
returns jsonb language sql stable security definer set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('hash', f.hash, 'content', f.content, 'type', f.type)), '[]')
  from (
    select f.hash, f.content, f.type from public.fresh_blobs f
    where f.created_at <= now() - make_interval(secs => older_than_ms / 1000.0)
    order by f.created_at limit least(greatest(fresh_blobs_to_store.max, 1), 500)
  ) f
$$;

-- Some that nothing names any more, for the caller to delete; checked once more under their lock.
create function public.doomed_blobs_to_delete(max integer default 100)
returns text[] language plpgsql security definer set search_path = '' as $$
declare
  candidates text[];
  wanted text[];
begin
  candidates := array(
    select d.hash from public.doomed_blobs d
    where d.doomed_at < now() - interval '1 hour' and coalesce(d.deleting_until < now(), true)
    order by d.doomed_at limit least(greatest(doomed_blobs_to_delete.max, 1), 1000) for update skip locked
  );
  wanted := array(select hash from unnest(candidates) hash where baton.is_named_blob(hash));
  delete from public.doomed_blobs d where d.hash = any (wanted);
  update public.doomed_blobs d set deleting_until = clock_timestamp() + interval '5 minutes'
  where d.hash = any (candidates);
  delete from public.fresh_blobs f where f.hash = any (candidates) and f.hash <> all (wanted);
  return array(select d.hash from public.doomed_blobs d where d.hash = any (candidates) order by d.hash);
end
$$;

-- The objects are gone.
create function public.forget_blobs(hashes text[])
returns integer language sql security definer set search_path = '' as $$
  with forgotten as (
    delete from public.doomed_blobs d where d.hash = any (hashes) and d.deleting_until is not null
      and not exists (select from storage.objects o where o.bucket_id = 'deployments' and o.name = 'blobs/' || d.hash)
    returning 1
  )
  select count(*)::integer from forgotten
$$;

revoke all on function
  public.missing_blobs(text[]), public.read_fresh_blobs(text[]), public.store_fresh_blobs(text[]),
  public.fresh_blobs_to_store(integer, integer), public.doomed_blobs_to_delete(integer), public.forget_blobs(text[])
from public, anon, authenticated, service_role;
grant execute on function
  public.missing_blobs(text[]), public.read_fresh_blobs(text[]), public.store_fresh_blobs(text[]),
  public.fresh_blobs_to_store(integer, integer), public.doomed_blobs_to_delete(integer), public.forget_blobs(text[])
to service_role;

create function baton.fresh_contents(hashes text[])
returns jsonb language plpgsql stable set search_path = '' as $$
begin
  return (
    select coalesce(jsonb_object_agg(f.hash, f.content), '{}') from public.fresh_blobs f where f.hash = any (hashes)
  );
end
$$;

-- One that is just being deleted counts as gone.
create function baton.blobs_not_there(hashes text[])
returns text[] language plpgsql stable set search_path = '' as $$
begin
  return (
    select array(
      select distinct w.hash from unnest(hashes) w (hash)
      where (
        not exists (select from storage.objects o where o.bucket_id = 'deployments' and o.name = 'blobs/' || w.hash)
        and not exists (select from public.fresh_blobs f where f.hash = w.hash)
      ) or exists (select from public.doomed_blobs d where d.hash = w.hash and d.deleting_until > now())
    )
  );
end
$$;

create function baton.is_named_blob(hash text)
returns boolean language sql stable set search_path = '' as $$
  select exists (select from public.deployments d where d.hashes @> array[is_named_blob.hash])
$$;

-- The host is held. What the present deployment names is there and well described, so only what is new is looked at:
-- mostly a file or two of a hundred.
create function baton.deploy(
  build public.builds, host public.hosts, manifest jsonb, stats jsonb, fresh jsonb
)
returns public.deployments language plpgsql set search_path = '' as $$
declare
  known constant jsonb := (select d.manifest -> 'files' from public.deployments d where d.id = host.deployment_id);
  added jsonb;
  deployment public.deployments;
  sizes record;
begin
  perform baton.require_manifest(manifest);
  select jsonb_object_agg(f.key, f.value) into added
  from jsonb_each(manifest -> 'files') f where known -> f.key is distinct from f.value;
  perform baton.require_well_described(added);
  select array_agg(distinct f.value ->> 'hash') as hashes, count(*) as count, sum((f.value ->> 'size')::bigint) as size
  into sizes from jsonb_each(manifest -> 'files') f;
  perform baton.keep_fresh(fresh, added);
  perform baton.require_blobs(array(select distinct f.value ->> 'hash' from jsonb_each(coalesce(added, '{}')) f));
  insert into public.deployments
    (project_id, kind, build_id, version, checkpoint_id, run_id, trigger, created_by, manifest, hashes, file_count, size,
      compressed_size, duration_ms, variables, changed_at)
  values (build.project_id, build.kind, build.id, build.version, build.checkpoint_id, build.run_id, build.trigger,
    build.requested_by, deploy.manifest, sizes.hashes, sizes.count, sizes.size,
    baton.count_in(stats, 'compressed_size'), coalesce(baton.count_in(stats, 'duration_ms'),
      (extract(epoch from clock_timestamp() - build.started_at) * 1000)::integer), build.variables, build.changed_at)
  returning * into deployment;
  return deployment;
end
$$;

create function baton.require_manifest(manifest jsonb)
returns void language plpgsql immutable set search_path = '' as $$
declare
  fault text;
begin
  if jsonb_typeof(manifest -> 'files') is distinct from 'object' then
    fault := 'It has no files.';
  elsif not manifest -> 'files' ? coalesce(manifest ->> 'entry', '') then
    fault := 'Its entry is not among its files.';
  elsif pg_column_size(manifest) > 4194304 or (select count(*) from jsonb_object_keys(manifest -> 'files')) > 5000 then
    fault := 'It is too large: at most 5,000 files and 4 MB.';
  end if;
  if fault is null then return; end if;
  perform baton.refuse('BT004', 'This manifest cannot be deployed.', fault, '{"field": "manifest"}');
end
$$;

create function baton.require_well_described(files jsonb)
returns void language plpgsql immutable set search_path = '' as $$
declare
  wrong constant text := (
    select f.key from jsonb_each(files) f
    where f.key !~ '^/' or f.key ~ '(^|/)\.\.?(/|$)|//|\\|[\u0001-\u001f]' or octet_length(f.key) > 1024
      or (f.value ->> 'hash' ~ '^[0-9a-f]{64}$') is not true
      or (f.value ->> 'type' ~ '^[a-z0-9.+-]+/[a-z0-9.+-]+(; ?[a-z0-9=-]+)*$') is not true
      or jsonb_typeof(f.value -> 'size') is distinct from 'number' or (f.value ->> 'size') !~ '^\d{1,10}$'
    limit 1
  );
begin
  if wrong is null then return; end if;
  perform baton.refuse('BT004', 'This manifest cannot be deployed.',
    format('Its file %s is not described as it should be.', left(wrong, 200)), '{"field": "manifest"}');
end
$$;

create function baton.keep_fresh(fresh jsonb, files jsonb)
returns void language plpgsql set search_path = '' as $$
begin
  if fresh is null or fresh = '[]' then return; end if;
  if pg_column_size(fresh) > 16777216 or exists (
    select from jsonb_to_recordset(fresh) f (hash text, content text)
    where octet_length(f.content) > 1048576 or f.content is null
      or f.hash is distinct from encode(sha256(convert_to(f.content, 'UTF8')), 'hex')
  ) then
    perform baton.refuse('BT004', 'A text that was given with the manifest is not what its hash says, or is too large.',
      'Upload what is larger than 1 MB to Storage.', '{"field": "fresh"}');
  end if;
  insert into public.fresh_blobs (hash, content, type, size)
  select distinct on (f.hash) f.hash, f.content, m.type, octet_length(f.content)
  from jsonb_to_recordset(fresh) f (hash text, content text)
  join (
    select e.value ->> 'hash' as hash, e.value ->> 'type' as type from jsonb_each(files) e
  ) m using (hash)
  where not exists (select from storage.objects o where o.bucket_id = 'deployments' and o.name = 'blobs/' || f.hash)
  order by f.hash
  on conflict on constraint fresh_blobs_pkey do nothing;
end
$$;

-- Takes the doom from what is named again, waiting for whoever is just about to delete it.
create function baton.require_blobs(hashes text[])
returns void language plpgsql set search_path = '' as $$
declare
  missing text[];
begin
  delete from public.doomed_blobs d
  where d.hash in (
    select d2.hash from public.doomed_blobs d2 where d2.hash = any (hashes) order by d2.hash for update
  ) and coalesce(d.deleting_until < now(), true);
  missing := baton.blobs_not_there(hashes);
  if missing = '{}' then return; end if;
  perform baton.refuse('BT041', 'Some files of this deployment are not in Storage.', 'Upload them, then finish the build again.',
    jsonb_build_object('missing', missing));
end
$$;
