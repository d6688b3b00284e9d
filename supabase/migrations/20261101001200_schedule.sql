-- Where the platform has them (hosted Supabase, `supabase start`), pg_cron ticks and pg_net wakes functions with the
-- address and the key that the Vault holds. The embedded stack has none of the three; its ticker does both. A server that
-- has the files of an extension but cannot run it says so in a warning, and the migration goes on.
do $$
declare
  wanted record;
begin
  for wanted in
    select e.name from pg_available_extensions e where e.name in ('pg_cron', 'pg_net', 'supabase_vault')
  loop
    begin
      execute format('create extension if not exists %I', wanted.name);
    exception when others then
      raise warning 'The extension % cannot be used here (docs/deploy.md): %', wanted.name, sqlerrm;
    end;
  end loop;
end
$$;

do $$
begin
  if to_regnamespace('cron') is null then return; end if;
  -- As often as the ticker: a run whose worker died is taken over within five seconds, of which its lease may have three
  -- left. Each tick leaves a row in the history of pg_cron, so that is kept for an hour.
  perform cron.schedule('baton-tick', '1 seconds', 'select public.tick()');
  perform cron.schedule('baton-cron-history', '17 * * * *',
    'delete from cron.job_run_details where end_time < now() - interval ''1 hour''');
end
$$;
