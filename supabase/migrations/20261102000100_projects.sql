-- Projects: what a team builds. Everyone in the team may do everything in them. People are named by their id without a
-- reference to their profile: what someone made stays when they go.
create table public.projects (
  id uuid primary key default gen_random_uuid(),
  team_id uuid not null references public.teams on delete cascade,
  name text not null check (baton.is_name(name)),
  slug text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,46}[a-z0-9]$'),
  created_by uuid,
  created_at timestamptz not null default clock_timestamp(),
  archived_at timestamptz
);
create index projects_of_a_team on public.projects (team_id, created_at);

alter table public.projects enable row level security;
revoke all on public.projects from public, anon, authenticated, service_role;
grant select on public.projects to authenticated, service_role;

create function baton.my_projects()
returns setof uuid language sql stable security definer set search_path = '' as $$
  select p.id from public.projects p where p.team_id in (select baton.my_teams())
$$;
grant execute on function baton.my_projects() to authenticated;

create policy "members read the projects of their teams" on public.projects
for select to authenticated using (team_id in (select baton.my_teams()));

create function baton.project_json(project public.projects)
returns jsonb language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object('id', project.id, 'team_id', project.team_id, 'name', project.name, 'slug', project.slug,
    'created_by', project.created_by, 'created_at', baton.instant(project.created_at),
    'archived_at', baton.instant(project.archived_at));
end
$$;

create function public.create_project(team_id uuid, name text)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  caller constant uuid := baton.caller();
  new_name constant text := baton.valid_name(create_project.name, 'name');
  project public.projects;
begin
  perform baton.role_of_member(create_project.team_id, caller);
  insert into public.projects (team_id, name, slug, created_by)
  values (create_project.team_id, new_name, baton.new_slug(new_name), caller)
  returning * into project;
  insert into public.trees (project_id) values (project.id);
  perform baton.append_events(baton.project_events(project, 'project.created', baton.project_json(project))
    || baton.plant_template(project.id, caller));
  return baton.project_json(project);
end
$$;

create function public.rename_project(project_id uuid, name text)
returns void language plpgsql security definer set search_path = '' as $$
declare
  new_name constant text := baton.valid_name(rename_project.name, 'name');
  project constant public.projects := baton.project_to_change(rename_project.project_id);
begin
  perform baton.append_events(baton.name_project(project.id, new_name));
end
$$;

create function public.archive_project(project_id uuid, archived boolean default true)
returns void language plpgsql security definer set search_path = '' as $$
declare
  project public.projects := baton.project_of_caller(archive_project.project_id);
begin
  update public.projects p set archived_at = case when archived then clock_timestamp() end
  where p.id = project.id and (p.archived_at is not null) <> archived
  returning p.* into project;
  if not found then return; end if;
  perform baton.append_events(baton.project_events(project, 'project.archived',
    jsonb_build_object('id', project.id, 'archived_at', baton.instant(project.archived_at))));
end
$$;

revoke all on function
  public.create_project(uuid, text), public.rename_project(uuid, text), public.archive_project(uuid, boolean)
from public, anon, authenticated, service_role;
grant execute on function
  public.create_project(uuid, text), public.rename_project(uuid, text), public.archive_project(uuid, boolean)
to authenticated;

create function baton.project_of_caller(project_id uuid)
returns public.projects language plpgsql stable set search_path = '' as $$
declare
  caller constant uuid := baton.caller();
  project public.projects;
begin
  select p.* into project
  from public.projects p join public.memberships m on m.team_id = p.team_id
  where p.id = project_of_caller.project_id and m.user_id = caller;
  if found then return project; end if;
  perform baton.refuse('BT003', 'There is no such project, or you may not see it.',
    'Open the list of your projects again.');
end
$$;

create function baton.project_to_change(project_id uuid)
returns public.projects language plpgsql stable set search_path = '' as $$
declare
  project constant public.projects := baton.project_of_caller(project_to_change.project_id);
begin
  if project.archived_at is null then return project; end if;
  perform baton.refuse('BT027', 'This project is archived.', 'Take it out of the archive first.',
    jsonb_build_object('archived_at', baton.instant(project.archived_at)));
end
$$;

create function baton.name_project(project_id uuid, new_name text)
returns baton.new_event[] language plpgsql set search_path = '' as $$
declare
  project public.projects;
begin
  update public.projects p set name = new_name where p.id = name_project.project_id and p.name <> new_name
  returning p.* into project;
  if not found then return null; end if;
  return baton.project_events(project, 'project.renamed', jsonb_build_object('id', project.id, 'name', project.name));
end
$$;

-- The list of projects is read on the page of the team.
create function baton.project_events(project public.projects, kind text, payload jsonb)
returns baton.new_event[] language sql immutable set search_path = '' as $$
  select array[
    baton.event('project:' || project.id, kind, payload),
    baton.event('team:' || project.team_id, kind, payload)
  ]
$$;

-- The host name of its previews. It stays when the project is renamed, so that links stay good.
create function baton.new_slug(name text)
returns text language sql volatile set search_path = '' as $$
  select coalesce(nullif(trim(both '-' from left(regexp_replace(lower(name), '[^a-z0-9]+', '-', 'g'), 32)), ''), 'app')
    || '-' || left(replace(gen_random_uuid()::text, '-', ''), 8)
$$;
