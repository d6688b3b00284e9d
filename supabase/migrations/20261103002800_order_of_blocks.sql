-- No part of an answer is lost in silence. A worker does not wait for its writes: what it sent behind a write that was
-- lost with a connection may still arrive, by the next one. So an entry begins only when the one before it has ended, and
-- a turn ends only with as many blocks as the worker wrote.
create or replace function public.open_entry(
  entry_id uuid, run_id uuid, token bigint, turn_id uuid, index integer, kind text,
  tool_call_id uuid default null, api_id text default null, tool_name text default null, data jsonb default '{}'
)
returns void language plpgsql security definer set search_path = '' as $$
declare
  run constant public.runs := baton.share_run(open_entry.run_id, open_entry.token);
  entry public.entries;
  call public.tool_calls;
begin
  insert into public.entries (id, chat_id, project_id, run_id, turn_id, turn, index, kind, data)
  select open_entry.entry_id, run.chat_id, run.project_id, run.id, t.id, t.turn, open_entry.index, open_entry.kind,
    coalesce(open_entry.data, '{}')
  from public.turns t where t.id = open_entry.turn_id and t.run_id = run.id and t.state = 'streaming'
  on conflict on constraint entries_pkey do nothing
  returning * into entry;
  if entry.id is null then
    perform baton.require_entry(open_entry.entry_id, run.id);
    return;
  end if;
  perform baton.require_end_of_block_before(entry);
  if entry.kind = 'tool_use' then
    insert into public.tool_calls (id, run_id, turn_id, entry_id, chat_id, project_id, api_id, name)
    values (open_entry.tool_call_id, run.id, entry.turn_id, entry.id, run.chat_id, run.project_id,
      open_entry.api_id, open_entry.tool_name)
    returning * into call;
  end if;
  perform public.append_event('project:' || run.project_id, 'entry.opened', baton.entry_json(entry, call));
end
$$;

-- Ends a turn, well or badly. Entries that are still open were cut. `blocks` is null for who does not count.
drop function public.close_turn(uuid, uuid, bigint, text, jsonb, numeric, jsonb, text);
create function public.close_turn(
  turn_id uuid, run_id uuid, token bigint, stop_reason text, usage jsonb default null, cost_usd numeric default null,
  error jsonb default null, notice text default null, blocks integer default null
)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  run constant public.runs := baton.hold_chat_and_run(close_turn.run_id, close_turn.token);
  turn public.turns;
  events baton.new_event[];
begin
  select t.* into turn from public.turns t where t.id = close_turn.turn_id and t.run_id = run.id;
  if turn.id is null then
    perform baton.refuse('BT023', 'There is no such turn in this run.', 'Claim the run again.');
  end if;
  if turn.state = 'streaming' then
    perform baton.require_blocks(turn.id, close_turn.blocks);
    if close_turn.usage is not null then
      turn.usage := close_turn.usage;
      turn.cost_usd := close_turn.cost_usd;
    end if;
    events := baton.end_turn(turn, run, close_turn.stop_reason, close_turn.error, close_turn.notice);
    if close_turn.error is null then perform baton.forget_faults(run); end if;
    perform baton.append_events(events || (select baton.run_event(r) from public.runs r where r.id = run.id));
  end if;
  return baton.ending_json(turn.id);
end
$$;

revoke all on function public.close_turn(uuid, uuid, bigint, text, jsonb, numeric, jsonb, text, integer)
from public, anon, authenticated, service_role;
grant execute on function public.close_turn(uuid, uuid, bigint, text, jsonb, numeric, jsonb, text, integer) to service_role;

create function baton.require_end_of_block_before(entry public.entries)
returns void language plpgsql stable set search_path = '' as $$
begin
  if entry.index = 0 or exists (
    select from public.entries e
    where e.chat_id = entry.chat_id and e.turn = entry.turn and e.index = entry.index - 1 and e.state = 'closed'
  ) then return; end if;
  perform baton.refuse('BT023', 'The block before this one has not ended.', 'Write the blocks of an answer in their order.',
    jsonb_build_object('index', entry.index));
end
$$;

create function baton.require_blocks(turn_id uuid, blocks integer)
returns void language plpgsql stable set search_path = '' as $$
declare
  written constant integer := (select count(*) from public.entries e where e.turn_id = require_blocks.turn_id);
begin
  if written = coalesce(blocks, written) then return; end if;
  perform baton.refuse('BT023', 'Not all blocks of this answer have arrived.', 'Claim the run again.',
    jsonb_build_object('blocks', blocks, 'written', written));
end
$$;
