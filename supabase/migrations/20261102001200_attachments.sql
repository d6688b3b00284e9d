-- Images and texts that people give with a message: objects of a private bucket, in the folder of the project.
-- What they may be is checked when the message is sent.
insert into storage.buckets (id, name, public, file_size_limit)
values ('attachments', 'attachments', false, 5242880)
on conflict (id) do nothing;

drop policy if exists "members read the attachments of their projects" on storage.objects;
create policy "members read the attachments of their projects" on storage.objects
for select to authenticated
using (bucket_id = 'attachments' and split_part(name, '/', 1) in (select id::text from baton.my_projects() id));

drop policy if exists "members attach to their projects" on storage.objects;
create policy "members attach to their projects" on storage.objects
for insert to authenticated
with check (bucket_id = 'attachments' and split_part(name, '/', 1) in (select id::text from baton.my_projects() id));
