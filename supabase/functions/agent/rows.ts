/**
 * The SQL functions that a worker calls. Each is one transaction that checks the lease: a stale worker gets BT020 and has
 * changed nothing. Identifiers are made here, so that nothing waits for an answer and a repetition does nothing.
 */
import type postgres from 'postgres'
import type { ClaimedRun, Entry, FinishedCall, RunRows, Turn, TurnEnding } from '../_shared/protocol.ts'
import type { Tail } from './entry-writer.ts'
import type { Pass } from './faults.ts'
import type { Charge, Usage } from './prices.ts'
import { refusalOf } from './refusal.ts'
import { storable } from './storable.ts'
import type { Effect, FileContent, FileEntry, PreviewState, Proposal, Question } from './tools/tool.ts'

type Json = postgres.JSONValue
type Sql = postgres.Sql

export type OpenedEntry = {
  id: string
  turnId: string
  index: number
  kind: string
  call?: { id: string; apiId: string; name: string }
  data?: Json
}
export type TurnEnd = {
  stopReason: string
  usage: Usage | null
  cost: number | null
  error?: unknown
  notice?: string
  /** How many were begun. */
  blocks: number
}

export type Compaction = Charge & {
  id: string
  text: string
  keepsFrom: number | null
  model: string
  requestHash: string
}

/** Null when there is nothing to claim: somebody else has it, or it needs nobody. */
export async function claimRun(
  sql: Sql,
  runId: string | null,
  worker: string,
  leaseSeconds: number,
  pass: Pass,
): Promise<ClaimedRun | null> {
  const query = sql<{ answer: ClaimedRun | null }[]>`
    select public.claim_run(run_id => ${runId}::uuid, worker => ${worker}, lease_seconds => ${leaseSeconds}::int) as answer`
  return answer('claim_run', query, pass)
}

export type PreviewAnswer = {
  state: 'open' | 'answered' | 'expired'
  answer: Record<string, unknown> | null
}

export type Rows = ReturnType<typeof openRows>

export function openRows(sql: Sql, { token, run, project }: ClaimedRun, pass: Pass) {
  const json = (value: unknown) => sql.json((value ?? null) as Json)
  const call = <Answer = unknown>(name: string, query: PromiseLike<{ answer: Answer }[]>) =>
    answer<Answer>(name, query, pass)

  return {
    extendLease: (leaseSeconds: number) =>
      call(
        'extend_lease',
        sql`select public.extend_lease(run_id => ${run.id}::uuid, token => ${token}::bigint,
        lease_seconds => ${leaseSeconds}::int) as answer`,
      ),

    readHistory: (afterTurn: number | null = null) =>
      call<Entry[]>(
        'read_history',
        sql`select public.read_history(chat_id => ${run.chat_id}::uuid,
        after_turn => ${afterTurn}::int) as answer`,
      ),

    read: () =>
      call<RunRows>(
        'run_rows',
        sql`select public.run_rows(run_id => ${run.id}::uuid, token => ${token}::bigint) as answer`,
      ),

    takeMessages: () =>
      call<Entry[]>(
        'take_messages',
        sql`select public.take_messages(run_id => ${run.id}::uuid, token => ${token}::bigint) as answer`,
      ),

    addNotice: (text: string, data: Json) =>
      call<Entry>(
        'add_notice',
        sql`select public.add_notice(run_id => ${run.id}::uuid, token => ${token}::bigint,
        text => ${text}, data => ${json(data)}) as answer`,
      ),

    recordCompaction: ({ id, text, keepsFrom, model, requestHash, usage, cost }: Compaction) =>
      call<Entry>(
        'record_compaction',
        sql`select public.record_compaction(run_id => ${run.id}::uuid, token => ${token}::bigint,
        text => ${text}, keeps_from => ${keepsFrom}::int,
        data => ${json({ request_hash: requestHash })}, entry_id => ${id}::uuid,
        model => ${model}, usage => ${json(usage)}, cost_usd => ${cost}::numeric) as answer`,
      ),

    noteSpending: (entryId: string, model: string, { usage, cost }: Charge) =>
      call(
        'note_spending',
        sql`select public.note_spending(entry_id => ${entryId}::uuid, run_id => ${run.id}::uuid,
        token => ${token}::bigint, model => ${model}, usage => ${json(usage)}, cost_usd => ${cost}::numeric) as answer`,
      ),

    noteFault: (error: unknown, retryAt: Date | null) =>
      call<number>(
        'note_fault',
        sql`select public.note_fault(run_id => ${run.id}::uuid, token => ${token}::bigint,
        error => ${json(storable(error))}, retry_at => ${retryAt}::timestamptz) as answer`,
      ),

    handOver: (notBefore: Date | null = null, reason: 'interrupted' | 'out_of_time' = 'interrupted') =>
      call(
        'hand_over',
        sql`select public.hand_over(run_id => ${run.id}::uuid, token => ${token}::bigint,
        not_before => ${notBefore}::timestamptz, reason => ${reason}) as answer`,
      ),

    waitForPerson: () =>
      call<boolean>(
        'wait_for_person',
        sql`select public.wait_for_person(run_id => ${run.id}::uuid, token => ${token}::bigint) as answer`,
      ),

    raiseAndWait: (
      error: { type: string; message: string; details: unknown },
      notice: string | null = null,
    ) =>
      call(
        'raise_and_wait',
        sql`select public.raise_and_wait(run_id => ${run.id}::uuid, token => ${token}::bigint,
        error => ${json(storable(error))}, notice => ${notice}) as answer`,
      ),

    finishRun: (state: 'completed' | 'failed', reason: string, error: unknown = null) =>
      call<{ state: string; next_run_id: string | null }>(
        'finish_run',
        sql`select public.finish_run(run_id => ${run.id}::uuid,
        token => ${token}::bigint, state => ${state}, reason => ${reason},
        error => ${error === null ? null : json(storable(error))}::jsonb) as answer`,
      ),

    openTurn: (turnId: string, stageId: string, model: string, requestHash: string, requestMeta: Json) =>
      call<number>(
        'open_turn',
        sql`select public.open_turn(turn_id => ${turnId}::uuid, run_id => ${run.id}::uuid,
        token => ${token}::bigint, stage_id => ${stageId}::uuid, model => ${model},
        request_hash => ${requestHash}, request_meta => ${json(requestMeta)}) as answer`,
      ),

    noteUsage: (turnId: string, usage: Usage, cost: number | null) =>
      call(
        'note_usage',
        sql`select public.note_usage(turn_id => ${turnId}::uuid, run_id => ${run.id}::uuid,
        token => ${token}::bigint, usage => ${json(usage)}, cost_usd => ${cost}::numeric) as answer`,
      ),

    openEntry: ({ id, turnId, index, kind, call: made, data = {} }: OpenedEntry) =>
      call(
        'open_entry',
        sql`select public.open_entry(entry_id => ${id}::uuid, run_id => ${run.id}::uuid, token => ${token}::bigint,
        turn_id => ${turnId}::uuid, index => ${index}::int, kind => ${kind},
        tool_call_id => ${made?.id ?? null}::uuid, api_id => ${made?.apiId ?? null}::text,
        tool_name => ${made?.name ?? null}::text, data => ${json(data)}) as answer`,
      ),

    appendToEntry: (entryId: string, offset: number, text: string) =>
      call<number>(
        'append_to_entry',
        sql`select public.append_to_entry(entry_id => ${entryId}::uuid, run_id => ${run.id}::uuid,
        token => ${token}::bigint, "offset" => ${offset}::int, text => ${text}) as answer`,
      ),

    closeEntry: (entryId: string, data: Json, tail: Tail) =>
      call(
        'close_entry',
        sql`select public.close_entry(entry_id => ${entryId}::uuid, run_id => ${run.id}::uuid,
        token => ${token}::bigint, data => ${json(data)},
        "offset" => ${tail.offset}::int, tail => ${tail.text}) as answer`,
      ),

    closeToolUse: (entryId: string, input: unknown, tail: Tail) =>
      call(
        'close_tool_use',
        sql`select public.close_tool_use(entry_id => ${entryId}::uuid, run_id => ${run.id}::uuid,
        token => ${token}::bigint, input => ${json(input)}, start => true,
        "offset" => ${tail.offset}::int, tail => ${tail.text}) as answer`,
      ),

    refuseToolUse: (entryId: string, error: Json, result: string, input: Json) =>
      call(
        'refuse_tool_use',
        sql`select public.refuse_tool_use(entry_id => ${entryId}::uuid, run_id => ${run.id}::uuid,
        token => ${token}::bigint, error => ${json(storable(error))}, result => ${result}, input => ${json(input)}) as answer`,
      ),

    closeTurn: (turnId: string, end: TurnEnd) =>
      call<TurnEnding>(
        'close_turn',
        sql`select public.close_turn(turn_id => ${turnId}::uuid, run_id => ${run.id}::uuid,
        token => ${token}::bigint, stop_reason => ${end.stopReason},
        usage => ${end.usage === null ? null : json(end.usage)}::jsonb, cost_usd => ${end.cost}::numeric,
        error => ${end.error === undefined ? null : json(storable(end.error))}::jsonb,
        notice => ${end.notice ?? null}::text, blocks => ${end.blocks}::int) as answer`,
      ),

    startToolCall: (callId: string) =>
      call<number>(
        'start_tool_call',
        sql`select public.start_tool_call(tool_call_id => ${callId}::uuid, run_id => ${run.id}::uuid,
        token => ${token}::bigint) as answer`,
      ),

    finishToolCall: (callId: string, result: string, effects: Effect[]) =>
      call<FinishedCall>(
        'finish_tool_call',
        sql`select public.finish_tool_call(
        tool_call_id => ${callId}::uuid, run_id => ${run.id}::uuid, token => ${token}::bigint,
        result => ${result}, effects => ${json(effects)}) as answer`,
      ),

    failToolCall: (callId: string, error: unknown, result: string) =>
      call(
        'fail_tool_call',
        sql`select public.fail_tool_call(tool_call_id => ${callId}::uuid, run_id => ${run.id}::uuid,
        token => ${token}::bigint, error => ${json(storable(error))}, result => ${result}) as answer`,
      ),

    askQuestion: (callId: string, question: Question | Proposal) =>
      call(
        'ask_question',
        sql`select public.ask_question(question_id => ${crypto.randomUUID()}::uuid,
        tool_call_id => ${callId}::uuid, run_id => ${run.id}::uuid, token => ${token}::bigint,
        prompt => ${json(question)}) as answer`,
      ),

    /**
     * Which version of each file the model last saw: what a call of its history wrote, or what was there when one read.
     * So a file that somebody changed since is not overwritten, in a later run neither.
     */
    versionsSeen: async (callIds: string[]) => {
      const seen = await sql<{ path: string; version: string; op: string }[]>`
        select distinct on (o.path) o.path, o.version, o.op
        from public.tool_calls c
        join public.file_operations o on o.project_id = c.project_id and (
          o.run_id = c.run_id and o.tool_call_id = c.id
          or o.tool_call_id = c.copied_from
          or c.name = 'read_file' and o.path = c.input ->> 'path' and o.at <= c.started_at
        )
        where c.id = any(${callIds}::uuid[]) and c.state = 'complete'
        order by o.path, o.version desc`
      return seen
        .filter(({ op }) => op !== 'delete')
        .map(({ path, version }) => ({ path, version: Number(version) }))
    },

    readTree: () =>
      call<{ version: number; files: FileEntry[] }>(
        'read_tree',
        sql`select public.read_tree(project_id => ${project.id}::uuid) as answer`,
      ),

    readContents: (paths: string[] | null) =>
      call<FileContent[]>(
        'read_contents',
        sql`select public.read_contents(project_id => ${project.id}::uuid,
        paths => ${paths}::text[]) as answer`,
      ),

    readPreviewState: () =>
      call<PreviewState>(
        'read_preview_state',
        sql`select public.read_preview_state(project_id => ${project.id}::uuid) as answer`,
      ),

    askPreview: (callId: string, waitSeconds: number) =>
      call<PreviewAnswer>(
        'ask_preview',
        sql`select public.ask_preview(tool_call_id => ${callId}::uuid, run_id => ${run.id}::uuid,
        token => ${token}::bigint, wait_seconds => ${waitSeconds}::int) as answer`,
      ),

    readPreviewAnswer: (callId: string) =>
      call<PreviewAnswer>(
        'read_preview_answer',
        sql`select public.read_preview_answer(tool_call_id => ${callId}::uuid, run_id => ${run.id}::uuid,
        token => ${token}::bigint) as answer`,
      ),
  }
}

export type AskedTurn = Pick<Turn, 'id' | 'chat_id' | 'turn'> & {
  request_hash: string
  request_meta: Record<string, unknown>
}

/** For looking at a call of long ago; nothing depends on a lease. */
export async function readTurn(sql: Sql, turnId: string): Promise<AskedTurn | null> {
  const [row] = await sql<AskedTurn[]>`
    select id, chat_id, turn, request_hash, request_meta
    from public.turns where id = ${turnId}`
  return row ?? null
}

export function readHistoryBefore(sql: Sql, chatId: string, turn: number): Promise<Entry[]> {
  const query = sql<{ answer: Entry[] }[]>`
    select public.read_history(chat_id => ${chatId}::uuid, before_turn => ${turn}::int) as answer`
  return answer('read_history', query, () => {})
}

/** A query of postgres.js is sent when it is awaited. */
async function answer<Answer>(
  name: string,
  query: PromiseLike<{ answer: Answer }[]>,
  pass: Pass,
): Promise<Answer> {
  pass(`before:${name}`)
  try {
    const [row] = await query
    pass(`after:${name}`)
    return row!.answer
  } catch (error) {
    throw refusalOf(error)
  }
}
