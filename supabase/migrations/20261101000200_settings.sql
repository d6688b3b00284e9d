-- What an operator tells the database about its surroundings, through the secret key or as `postgres`:
--   select public.set_setting('app_url', 'https://baton.example.com');
-- `app_url` is where links in mails lead. `functions_url` is where functions are called when the Vault holds none.
create table baton.settings (
  key text primary key check (key in ('app_url', 'functions_url')),
  value text not null check (value ~ '^https?://[^\s/?#]+[^\s?#]*$')
);
alter table baton.settings enable row level security;
revoke all on baton.settings from public, anon, authenticated, service_role;

create function public.set_setting(key text, value text)
returns void language plpgsql security definer set search_path = '' as $$
begin
  insert into baton.settings values (set_setting.key, rtrim(set_setting.value, '/'))
  on conflict on constraint settings_pkey do update set value = excluded.value;
exception when check_violation or not_null_violation then
  perform baton.refuse('BT004', 'This setting cannot be stored.',
    'The keys are app_url and functions_url; the value is an http or https address without query.',
    jsonb_build_object('key', set_setting.key));
end
$$;
revoke all on function public.set_setting(text, text) from public, anon, authenticated, service_role;
grant execute on function public.set_setting(text, text) to service_role;

create function baton.setting(key text)
returns text language sql stable set search_path = '' as $$
  select s.value from baton.settings s where s.key = setting.key
$$;
