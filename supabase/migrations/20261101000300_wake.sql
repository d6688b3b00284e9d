-- Calling a function from SQL. With pg_net and a key in the Vault the database posts by itself; otherwise it notifies,
-- and the ticker posts. Both happen after commit. A wake may be lost or come twice: it only says "look now", and whoever
-- wakes finds its work in rows; `tick` wakes again while work waits.
create function public.wake(function_name text, payload jsonb default '{}')
returns void language plpgsql security definer set search_path = '' as $$
declare
  -- A notification holds at most 8,000 bytes; without the payload it still wakes.
  message constant jsonb := case when octet_length(payload::text) < 7000 then payload else '{}' end;
  url text;
  key text;
begin
  if to_regprocedure('net.http_post(text,jsonb,jsonb,jsonb,integer)') is not null
    and to_regclass('vault.decrypted_secrets') is not null then
    url := coalesce(baton.vault_secret('baton_functions_url'), baton.setting('functions_url'));
    key := baton.vault_secret('baton_secret_key');
  end if;
  if url is null or key is null then
    perform pg_notify('wake', jsonb_build_object('function', function_name, 'payload', message)::text);
  else
    perform net.http_post(
      url => rtrim(url, '/') || '/' || function_name,
      body => message,
      headers => jsonb_build_object('content-type', 'application/json', 'apikey', key)
    );
  end if;
end
$$;
revoke all on function public.wake(text, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.wake(text, jsonb) to service_role;

create function baton.vault_secret(secret_name text)
returns text language plpgsql stable set search_path = '' as $$
begin
  return (select s.decrypted_secret from vault.decrypted_secrets s where s.name = secret_name);
end
$$;
