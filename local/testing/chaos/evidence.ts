/** All that the rows say about one conversation, when it is over. */
import type postgres from 'postgres'
import type { Entry } from '../../../supabase/functions/_shared/protocol.ts'
import type { Request } from '../../../supabase/functions/agent/history.ts'
import { replay } from '../../../supabase/functions/agent/replay.ts'

export type Evidence = {
  entries: Entry[]
  calls: { id: string; api_id: string; state: string; result: string | null; in_history: boolean }[]
  operations: {
    version: number
    op: string
    path: string
    from_path: string | null
    hash: string
    tool_call_id: string | null
  }[]
  files: { path: string; hash: string; content: string }[]
  checkpoint: { version: number; tree: Record<string, { hash: string }> } | null
  turns: {
    id: string
    turn: number
    state: string
    stop_reason: string
    usage: unknown
    used: number
    same: boolean
  }[]
  runs: {
    state: string
    reason: string | null
    error: unknown
    cost_usd: string
    used: string
    attempts: number
  }[]
  messages: { content: string; state: string; client_id: string }[]
  events: { seq: number; kind: string; payload: Record<string, unknown>; at: number }[]
  appName: string
  /** Those of the model, in the order of their arrival. */
  requests: Request[]
  /** What the validator of the Messages API said about them. */
  faults: string[]
}

export type Place = { chatId: string; projectId: string }

export async function gather(
  sql: postgres.Sql,
  { chatId, projectId }: Place,
  model: Pick<Evidence, 'requests' | 'faults'>,
): Promise<Evidence> {
  const entries = await sql<{ entry: Entry }[]>`
    select baton.entry_json(e, c) as entry
    from public.entries e left join public.tool_calls c on c.entry_id = e.id
    where e.chat_id = ${chatId} order by e.turn, e.index`
  const calls = await sql<Evidence['calls']>`
    select c.id, c.api_id, c.state, c.result, e.in_history
    from public.tool_calls c join public.entries e on e.id = c.entry_id
    where c.chat_id = ${chatId} order by e.turn, e.index`
  const operations = await sql<Evidence['operations']>`
    select version::int, op, path, from_path, hash, tool_call_id
    from public.file_operations where project_id = ${projectId} order by version`
  const files = await sql<Evidence['files']>`
    select f.path, f.hash, b.content from public.files f join public.blobs b using (project_id, hash)
    where f.project_id = ${projectId}`
  const checkpoints = await sql<NonNullable<Evidence['checkpoint']>[]>`
    select version::int, tree from public.checkpoints where project_id = ${projectId} order by version desc limit 1`
  const turns = await sql<Evidence['turns']>`
    select t.id, t.turn, t.state, t.stop_reason, t.usage, (select count(*)::int from public.usage u where u.turn_id = t.id) as used
    from public.turns t where t.chat_id = ${chatId} order by t.turn`
  const runs = await sql<Evidence['runs']>`
    select r.state, r.reason, r.error, r.cost_usd, r.attempts,
      (select coalesce(sum(u.cost_usd), 0) from public.usage u where u.run_id = r.id) as used
    from public.runs r where r.chat_id = ${chatId} order by r.created_at`
  const messages = await sql<Evidence['messages']>`
    select content, state, client_id from public.messages where chat_id = ${chatId} order by position`
  const events = await sql<Evidence['events']>`
    select seq::int, kind, payload, (extract(epoch from at) * 1000)::float8 as at
    from public.events where topic = ${`project:${projectId}`} order by seq`
  const [project] = await sql<{ name: string }[]>`select name from public.projects where id = ${projectId}`
  for (const turn of turns) turn.same = (await replay(sql, turn.id))!.isSame
  return {
    entries: entries.map(({ entry }) => entry).filter(({ state }) => state !== 'dropped'),
    calls,
    operations,
    files,
    checkpoint: checkpoints[0] ?? null,
    turns,
    runs,
    messages,
    events,
    appName: project!.name,
    ...model,
  }
}
