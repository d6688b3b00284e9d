-- Domains of people's own for what is published. Whose a domain is, a TXT record proves, which the preview host looks up
-- when a person asks: it takes the check under a token, so that of two that look only the last one counts.
create table public.domains (
  domain text primary key check (domain ~ '^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$'
    and char_length(domain) <= 253),
  project_id uuid not null references public.projects on delete cascade,
  state text not null default 'waiting' check (state in ('waiting', 'checking', 'verified', 'failed')),
  proof text not null default encode(extensions.gen_random_bytes(16), 'hex'),
  check_token bigint not null default 0,
  checking_until timestamptz,
  problem text,
  created_by uuid,
  created_at timestamptz not null default clock_timestamp(),
  checked_at timestamptz,
  verified_at timestamptz
);
create index domains_of_a_project on public.domains (project_id);
create index domains_to_check on public.domains (domain) where state = 'checking';

alter table public.domains enable row level security;
revoke all on public.domains from public, anon, authenticated, service_role;
grant select on public.domains to authenticated, service_role;

create policy "members read the domains of their projects" on public.domains
for select to authenticated using (project_id in (select baton.my_projects()));

create function baton.domain_json(domain public.domains)
returns jsonb language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object('domain', domain.domain, 'project_id', domain.project_id, 'state', domain.state,
    'record_name', '_baton.' || domain.domain, 'record_value', 'baton-verify=' || domain.proof,
    'problem', domain.problem, 'created_by', domain.created_by, 'created_at', baton.instant(domain.created_at),
    'checked_at', baton.instant(domain.checked_at), 'verified_at', baton.instant(domain.verified_at));
end
$$;

create function baton.domain_event(domain public.domains)
returns baton.new_event language plpgsql stable set search_path = '' as $$
begin
  return row('project:' || domain.project_id, 'domain.changed', baton.domain_json(domain))::baton.new_event;
end
$$;

-- A domain that somebody entered and never proved can be taken by whoever can prove it.
create function public.set_domain(project_id uuid, domain text)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  project constant public.projects := baton.require_publisher(set_domain.project_id);
  wanted constant text := baton.valid_domain(set_domain.domain);
  taken public.domains;
  events baton.new_event[] := '{}';
begin
  perform baton.hold_host(project.id, 'production');
  select d.* into taken from public.domains d where d.domain = wanted for update;
  if taken.project_id = project.id then return baton.domain_json(taken); end if;
  if taken.state = 'verified' then
    perform baton.refuse('BT044', 'This domain belongs to another app.', 'Remove it there first, or use another one.',
      '{"field": "domain"}');
  end if;
  if (select count(*) from public.domains d where d.project_id = project.id) >= 10 then
    perform baton.refuse('BT011', 'An app has at most 10 domains.', 'Remove one first.', '{"limit": 10}');
  end if;
  if taken.domain is not null then
    delete from public.domains d where d.domain = wanted;
    events := array[baton.event('project:' || taken.project_id, 'domain.removed', jsonb_build_object('domain', wanted))];
  end if;
  insert into public.domains (domain, project_id, created_by) values (wanted, project.id, baton.caller())
  on conflict on constraint domains_pkey do nothing returning * into taken;
  if not found then
    perform baton.refuse('BT044', 'Somebody else is setting up this domain just now.', 'Try again.', '{"field": "domain"}');
  end if;
  perform baton.append_events(events || baton.domain_event(taken));
  return baton.domain_json(taken);
end
$$;

create function public.verify_domain(project_id uuid, domain text)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  project constant public.projects := baton.require_publisher(verify_domain.project_id);
  wanted public.domains;
begin
  update public.domains d set state = 'checking', checking_until = null, problem = null
  where d.project_id = project.id and d.domain = lower(verify_domain.domain) and d.state in ('waiting', 'failed', 'checking')
  returning d.* into wanted;
  if not found then return baton.domain_json(baton.domain_of_project(project.id, verify_domain.domain)); end if;
  perform pg_notify('domains', wanted.domain);
  perform baton.append_events(array[baton.domain_event(wanted)]);
  return baton.domain_json(wanted);
end
$$;

create function public.remove_domain(project_id uuid, domain text)
returns void language plpgsql security definer set search_path = '' as $$
declare
  project constant public.projects := baton.require_publisher(remove_domain.project_id);
  wanted constant public.domains := baton.domain_of_project(project.id, remove_domain.domain);
begin
  delete from public.domains d where d.domain = wanted.domain;
  perform pg_notify('domains', wanted.domain);
  perform public.append_event('project:' || project.id, 'domain.removed', jsonb_build_object('domain', wanted.domain));
end
$$;

revoke all on function
  public.set_domain(uuid, text), public.verify_domain(uuid, text), public.remove_domain(uuid, text)
from public, anon, authenticated, service_role;
grant execute on function
  public.set_domain(uuid, text), public.verify_domain(uuid, text), public.remove_domain(uuid, text)
to authenticated;

-- For whoever can ask the DNS: what is to be looked up now.
create function public.domain_checks_due(max integer default 5)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  taken public.domains;
  answer jsonb := '[]';
begin
  for taken in
    update public.domains d
    set check_token = d.check_token + 1, checking_until = clock_timestamp() + interval '30 seconds'
    where d.domain in (
      select due.domain from public.domains due
      where due.state = 'checking' and coalesce(due.checking_until < now(), true)
      limit least(greatest(domain_checks_due.max, 1), 100) for update skip locked
    ) returning d.*
  loop
    answer := answer || (baton.domain_json(taken) || jsonb_build_object('token', taken.check_token));
  end loop;
  return answer;
end
$$;

create function public.finish_domain_check(domain text, token bigint, ok boolean, problem text default null)
returns boolean language plpgsql security definer set search_path = '' as $$
declare
  checked public.domains;
begin
  update public.domains d
  set state = case when ok then 'verified' else 'failed' end, checked_at = clock_timestamp(), checking_until = null,
      problem = case when not ok then left(coalesce(finish_domain_check.problem, 'The record was not found.'), 500) end,
      verified_at = case when ok then clock_timestamp() end
  where d.domain = finish_domain_check.domain and d.check_token = finish_domain_check.token and d.state = 'checking'
  returning d.* into checked;
  if not found then return false; end if;
  perform baton.append_events(array[baton.domain_event(checked)]);
  return true;
end
$$;

revoke all on function public.domain_checks_due(integer), public.finish_domain_check(text, bigint, boolean, text)
from public, anon, authenticated, service_role;
grant execute on function public.domain_checks_due(integer), public.finish_domain_check(text, bigint, boolean, text)
to service_role;

create function baton.valid_domain(typed text)
returns text language plpgsql immutable set search_path = '' as $$
declare
  name constant text := regexp_replace(lower(baton.trimmed(typed)), '\.$', '');
begin
  if char_length(name) <= 253
    and name ~ '^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$'
    and name !~ '(^|\.)(localhost|local|internal|invalid|test|example|onion)$' then return name; end if;
  perform baton.refuse('BT004', 'This is not a domain that can be used.',
    'Write it like app.example.com, without http:// and without a path.', '{"field": "domain"}');
end
$$;

create function baton.domain_of_project(project_id uuid, domain text)
returns public.domains language plpgsql stable set search_path = '' as $$
declare
  found_domain public.domains;
begin
  select d.* into found_domain from public.domains d
  where d.project_id = domain_of_project.project_id and d.domain = lower(domain_of_project.domain);
  if found then return found_domain; end if;
  perform baton.refuse('BT003', 'This app has no such domain.', 'Look at the list of its domains again.');
end
$$;
