-- What a page of the project begins with, beside its files and chats.
create function baton.builds_of_project(project_id uuid)
returns jsonb language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object(
    'builds', array(
      select baton.build_json(b) from public.builds b
      where b.project_id = builds_of_project.project_id and b.state <> 'superseded'
      order by b.created_at desc, b.id desc limit 20
    ),
    'deployments', array(
      select baton.deployment_json(d)
      from (
        select d.*, row_number() over (partition by d.kind order by d.created_at desc, d.id desc) as place
        from public.deployments d where d.project_id = builds_of_project.project_id
      ) ranked join public.deployments d using (id)
      where ranked.place <= 20 or exists (select from public.hosts h where h.deployment_id = d.id)
      order by d.created_at desc, d.id desc
    ),
    'hosts', array(
      select baton.host_json(h) from public.hosts h where h.project_id = builds_of_project.project_id order by h.kind
    ),
    'variables', array(
      select baton.variable_json(v) from public.variables v
      where v.project_id = builds_of_project.project_id order by v.name collate "C"
    ),
    'domains', array(
      select baton.domain_json(d) from public.domains d
      where d.project_id = builds_of_project.project_id order by d.domain collate "C"
    ),
    'preview_errors', baton.errors_of_preview(builds_of_project.project_id),
    'preview_questions', array(
      select baton.preview_question_json(q) from public.preview_questions q
      where q.project_id = builds_of_project.project_id and q.state = 'open' order by q.created_at
    )
  );
end
$$;
