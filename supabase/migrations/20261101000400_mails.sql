-- The outbox. A mail is written in the transaction that wants it sent, and a function sends it later. A sender holds a
-- lease: `claim_mail` counts `lease_token` up, and only the holder of the current token can finish or fail the mail. A
-- sender that dies lets its lease run out, and the next one takes over; a mail can then arrive twice, never be lost.
-- The body goes as soon as it is not needed, since it may hold the secret of a link.
create table public.mails (
  id uuid primary key default gen_random_uuid(),
  to_address text not null,
  subject text not null,
  text_body text,
  html_body text,
  state text not null default 'queued' check (state in ('queued', 'sending', 'sent', 'failed')),
  attempts integer not null default 0,
  next_attempt_at timestamptz not null default clock_timestamp(),
  lease_token bigint not null default 0,
  lease_holder text,
  lease_expires_at timestamptz,
  last_error text,
  created_at timestamptz not null default clock_timestamp(),
  sent_at timestamptz
);
create index mails_waiting on public.mails (next_attempt_at) where state = 'queued';
create index mails_sending on public.mails (lease_expires_at) where state = 'sending';
create index mails_done on public.mails (created_at) where state in ('sent', 'failed');

alter table public.mails enable row level security;
revoke all on public.mails from public, anon, authenticated, service_role;
grant select on public.mails to service_role;

create function baton.queue_mail(to_address text, subject text, text_body text, html_body text)
returns uuid language plpgsql set search_path = '' as $$
declare
  mail_id uuid;
begin
  insert into public.mails (to_address, subject, text_body, html_body)
  values (queue_mail.to_address, queue_mail.subject, queue_mail.text_body, queue_mail.html_body)
  returning id into mail_id;
  perform public.wake('mail');
  return mail_id;
end
$$;

create function public.claim_mail(worker text, lease_seconds integer default 60)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  mail public.mails;
begin
  update public.mails m
  set state = 'sending',
      attempts = m.attempts + 1,
      lease_token = m.lease_token + 1,
      lease_holder = claim_mail.worker,
      lease_expires_at = clock_timestamp() + make_interval(secs => least(greatest(claim_mail.lease_seconds, 1), 600))
  where m.id = (
    select due.id from public.mails due
    where baton.mail_is_due(due)
    order by due.next_attempt_at
    limit 1
    for update skip locked
  )
  returning m.* into mail;
  if mail.id is null then return null; end if;
  return jsonb_build_object('id', mail.id, 'to_address', mail.to_address, 'subject', mail.subject,
    'text_body', mail.text_body, 'html_body', mail.html_body, 'attempts', mail.attempts, 'token', mail.lease_token);
end
$$;

-- Without a search path of its own, so that the planner sees through it to the indexes.
create function baton.mail_is_due(mail public.mails)
returns boolean language sql stable as $$
  select (mail.state = 'queued' and mail.next_attempt_at <= now())
    or (mail.state = 'sending' and mail.lease_expires_at <= now() and mail.attempts < 8)
$$;

create function public.finish_mail(mail_id uuid, token bigint)
returns boolean language plpgsql security definer set search_path = '' as $$
begin
  update public.mails m
  set state = 'sent', sent_at = clock_timestamp(), last_error = null, text_body = null, html_body = null
  where m.id = finish_mail.mail_id and m.state = 'sending' and m.lease_token = finish_mail.token;
  return found;
end
$$;

-- Tried again after 10 s, then twice as long each time up to an hour, spread by a quarter so that a relay that comes back
-- is not met by all at once; given up after eight attempts.
create function public.fail_mail(mail_id uuid, token bigint, error text)
returns boolean language plpgsql security definer set search_path = '' as $$
begin
  update public.mails m
  set state = case when m.attempts < 8 then 'queued' else 'failed' end,
      next_attempt_at = clock_timestamp()
        + least(interval '10 seconds' * 2 ^ (m.attempts - 1), interval '1 hour') * (1 + random() / 4),
      last_error = fail_mail.error,
      text_body = case when m.attempts < 8 then m.text_body end,
      html_body = case when m.attempts < 8 then m.html_body end
  where m.id = fail_mail.mail_id and m.state = 'sending' and m.lease_token = fail_mail.token;
  return found;
end
$$;

-- A mail whose reason is gone is not sent; one that is on its way cannot be stopped.
create function baton.drop_mail(mail_id uuid, reason text)
returns void language sql set search_path = '' as $$
  update public.mails m
  set state = 'failed', last_error = reason, text_body = null, html_body = null
  where m.id = mail_id and m.state = 'queued'
$$;

-- Run by `tick`: gives up mails whose sender died at the last attempt, and forgets what is long done.
create function baton.tidy_mails()
returns void language plpgsql set search_path = '' as $$
begin
  update public.mails m
  set state = 'failed', last_error = 'The sender stopped during the last attempt.', text_body = null, html_body = null
  where m.state = 'sending' and m.lease_expires_at <= now() and m.attempts >= 8;

  delete from public.mails m
  where m.state in ('sent', 'failed') and m.created_at < now() - interval '30 days';
end
$$;

revoke all on function
  public.claim_mail(text, integer), public.finish_mail(uuid, bigint), public.fail_mail(uuid, bigint, text)
from public, anon, authenticated, service_role;
grant execute on function
  public.claim_mail(text, integer), public.finish_mail(uuid, bigint), public.fail_mail(uuid, bigint, text)
to service_role;
