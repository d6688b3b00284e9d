-- The demo: five people with the password baton-demo, in two teams. Running it again changes nothing. Never meant for a
-- server that strangers can reach, since everybody knows these passwords.
do $$
declare
  no_instance constant uuid := '00000000-0000-0000-0000-000000000000';
  password_hash constant text := extensions.crypt('baton-demo', extensions.gen_salt('bf', 10));
  person record;
begin
  for person in
    select * from (values
      ('10000000-0000-4000-8000-000000000001'::uuid, 'owner@demo.test', 'Owner'),
      ('10000000-0000-4000-8000-000000000002'::uuid, 'senior@demo.test', 'Senior'),
      ('10000000-0000-4000-8000-000000000003'::uuid, 'sam@demo.test', 'Sam'),
      ('10000000-0000-4000-8000-000000000004'::uuid, 'junior@demo.test', 'Junior'),
      ('10000000-0000-4000-8000-000000000005'::uuid, 'stranger@demo.test', 'Stranger')
    ) people (id, email, name)
    where not exists (select from auth.users account where account.id = people.id or account.email = people.email)
  loop
    -- The auth server reads the empty tokens as text: they must not be null.
    insert into auth.users (
      instance_id, id, aud, role, email, encrypted_password, email_confirmed_at,
      raw_app_meta_data, raw_user_meta_data, created_at, updated_at,
      confirmation_token, recovery_token, email_change, email_change_token_new, email_change_token_current,
      phone_change, phone_change_token, reauthentication_token
    ) values (
      no_instance, person.id, 'authenticated', 'authenticated', person.email, password_hash, now(),
      '{"provider": "email", "providers": ["email"]}', jsonb_build_object('display_name', person.name), now(), now(),
      '', '', '', '', '', '', '', ''
    );
    insert into auth.identities (id, provider, provider_id, user_id, identity_data, last_sign_in_at, created_at, updated_at)
    values (
      gen_random_uuid(), 'email', person.id::text, person.id,
      jsonb_build_object('sub', person.id, 'email', person.email, 'email_verified', true, 'phone_verified', false),
      now(), now(), now()
    );
  end loop;
end
$$;

do $$
declare
  demo constant uuid := '20000000-0000-4000-8000-000000000001';
  strangers constant uuid := '20000000-0000-4000-8000-000000000002';
  place record;
  events baton.new_event[];
begin
  insert into public.teams (id, name) values (demo, 'Demo'), (strangers, 'Stranger''s team')
  on conflict on constraint teams_pkey do nothing;

  for place in
    select p.team_id, p.role, account.id as user_id
    from (values
      (1, demo, 'owner@demo.test', 'owner'::public.team_role),
      (2, demo, 'senior@demo.test', 'senior'),
      (3, demo, 'sam@demo.test', 'senior'),
      (4, demo, 'junior@demo.test', 'member'),
      (5, strangers, 'stranger@demo.test', 'owner')
    ) p (position, team_id, email, role)
    join auth.users account on account.email = p.email
    where not exists (select from public.memberships m where m.team_id = p.team_id and m.user_id = account.id)
    order by p.position
  loop
    events := events || baton.add_member(place.team_id, place.user_id, place.role);
  end loop;
  perform baton.append_events(events);
end
$$;
