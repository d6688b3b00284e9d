-- The template: the files that every new project begins with. They are written as files under supabase/template, and the
-- next migration, which is generated from them, carries them here.
create table baton.template_files (
  path text collate "C" primary key check (baton.path_fault(path) is null),
  content text not null
);
alter table baton.template_files enable row level security;
revoke all on baton.template_files from public, anon, authenticated, service_role;

-- Written like any other change of files, by who made the project; nobody else sees it before it is committed.
create function baton.plant_template(project_id uuid, planted_by uuid)
returns baton.new_event[] language plpgsql set search_path = '' as $$
declare
  topic constant text := 'project:' || project_id;
  author baton.file_author;
  template baton.template_files;
  events baton.new_event[] := '{}';
begin
  author.user_id := planted_by;
  perform baton.lock_tree(project_id);
  for template in select t.* from baton.template_files t order by t.path loop
    events := events || baton.event(topic, 'file.changed', baton.change_file(project_id, jsonb_build_object(
      'kind', 'write', 'path', template.path, 'content', template.content, 'base_version', 0), author));
  end loop;
  return events || baton.event(topic, 'checkpoint.made', baton.make_checkpoint(project_id, 'Template', planted_by))
    || baton.request_preview(project_id, 'template', planted_by);
end
$$;
