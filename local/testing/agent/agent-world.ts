/** The real agent: our function in Deno, on a database with the migrations, woken by the ticker; only the model is ours. */
import { randomUUID } from 'node:crypto'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type postgres from 'postgres'
import { expect } from 'vitest'
import type { Entry } from '../../../supabase/functions/_shared/protocol.ts'
import { openAttachmentStore } from '../../../supabase/functions/agent/attachment-store.ts'
import { replay } from '../../../supabase/functions/agent/replay.ts'
import type { StackConfig } from '../../config.ts'
import { startFunctions } from '../../functions/start.ts'
import { createProject } from '../../functions/throwaway-functions.ts'
import { startGateway } from '../../gateway/gateway.ts'
import { pickFreePorts } from '../../launcher/ports.ts'
import { createLog, type Fields } from '../../log.ts'
import { startTicker } from '../../ticker/start.ts'
import { createTestDatabase } from '../database.ts'
import { eventually } from '../eventually.ts'
import { asPerson, createPerson, createTeam, type Person } from '../person.ts'
import { ROOT_DIR } from '../throwaway.ts'
import { type Door, openDoor } from './door.ts'
import { type ScriptedModel, startScriptedModel } from './scripted-model.ts'

export type AgentWorld = {
  sql: postgres.Sql
  model: ScriptedModel
  lines: Fields[]
  config: StackConfig
  person: Person
  /** A project with a chat of its own. */
  chat(): Promise<TestChat>
  /** As the ticker does. */
  wake(runId: string | null): Promise<Response>
  agentPid(): Promise<number>
  /** How often a named point was passed, of those that BATON_FAULTS names. */
  passages(point: string): number
  /** Between the functions and the database. */
  door: Door
  /** Turns whose request cannot be made again from the rows, each with the reason. */
  unlikeReplays(): Promise<string[]>
  [Symbol.asyncDispose](): Promise<void>
}

export type TestChat = {
  id: string
  projectId: string
  send(content: string): Promise<string>
  as<Result>(run: (sql: postgres.TransactionSql) => Promise<Result>): Promise<Result>
  run(): Promise<RunRow>
  /** When the last run is in this state; its row. */
  reaches(state: string): Promise<RunRow>
  entries(): Promise<Entry[]>
  calls(): Promise<CallRow[]>
  turns(): Promise<TurnRow[]>
  file(path: string): Promise<string | null>
}

type RunRow = {
  id: string
  state: string
  reason: string | null
  error: Record<string, unknown> | null
  fault: { error: Record<string, unknown>; retry_at: string | null } | null
  model_faults: number
  lease_token: string
  cost_usd: string
}
type CallRow = {
  id: string
  name: string
  state: string
  attempt: number
  input: unknown
  result: string
  error: { type: string } | null
  started_at: Date
  ended_at: Date
}
type TurnRow = {
  id: string
  turn: number
  state: string
  stop_reason: string
  ended_at: Date
  cost_usd: string
}

type Options = {
  /** Of another model than the scripted one. */
  modelPort?: number
  /** With the whole API before it, storage included. */
  gateway?: boolean
}

export async function startAgentWorld(
  environment: Record<string, string> = {},
  { modelPort, gateway = false }: Options = {},
): Promise<AgentWorld> {
  const database = await createTestDatabase()
  const project = createProject({})
  const model = await startScriptedModel()
  const state = mkdtempSync(join(tmpdir(), 'baton-faults-'))
  const passed = join(state, 'passed')
  cpSync(join(ROOT_DIR, 'supabase'), join(project.config.rootDir, 'supabase'), { recursive: true })
  writeFileSync(join(project.config.rootDir, 'supabase/functions/.env'), secrets(environment, passed))
  const [port = 0, apiPort = port] = await pickFreePorts(gateway ? 2 : 1)
  const config = {
    ...database.config,
    rootDir: project.config.rootDir,
    ports: { ...database.config.ports, api: apiPort },
    internal: { ...database.config.internal, functions: port },
    model: {
      kind: 'compatible' as const,
      baseUrl: `http://127.0.0.1:${modelPort ?? model.port}`,
      apiKey: 'key-of-tests',
    },
  }
  const lines: Fields[] = []
  const log = createLog('test', (line) => void lines.push(JSON.parse(line)))
  const door = await openDoor(config.externalDatabaseUrl!)
  const functions = await startFunctions({ config: { ...config, externalDatabaseUrl: door.url }, log })
  const running = gateway ? await startGateway({ config, log }) : null
  const ticker = await startTicker({ config, log, everyMs: 200 })
  const sql = database.sql('postgres')
  const person = await createPerson(config, sql)
  const team = await createTeam(sql, person)
  const as = <Result>(run: (sql: postgres.TransactionSql) => Promise<Result>) =>
    asPerson(sql, person, run) as Promise<Result>

  return {
    sql,
    model,
    lines,
    config,
    person,
    door,
    passages: (point) =>
      existsSync(passed)
        ? readFileSync(passed, 'utf8')
            .split('\n')
            .filter((line) => line === point).length
        : 0,
    async chat() {
      const projects = await as(
        (t) => t<{ made: { id: string } }[]>`select public.create_project(${team.id}, 'App') as made`,
      )
      const projectId = projects[0]!.made.id
      const chats = await as(
        (t) => t<{ made: { id: string } }[]>`select public.create_chat(${projectId}, 'Chat') as made`,
      )
      return chatWith(sql, as, projectId, chats[0]!.made.id)
    },
    wake: (runId) =>
      fetch(`http://127.0.0.1:${port}/agent`, {
        method: 'POST',
        headers: { apikey: config.keys.secret, 'content-type': 'application/json' },
        body: JSON.stringify({ run_id: runId }),
      }),
    async agentPid() {
      const response = await fetch(`http://127.0.0.1:${port}/_internal/health`)
      const { functions: all } = (await response.json()) as { functions: { name: string; pid: number }[] }
      return all.find(({ name }) => name === 'agent')!.pid
    },
    async unlikeReplays() {
      const attachments = openAttachmentStore({
        url: `http://127.0.0.1:${apiPort}`,
        key: config.keys.secret,
      })
      const turns = await sql<{ id: string }[]>`select id from public.turns order by chat_id, turn`
      const replays = await Promise.all(turns.map(({ id }) => replay(sql, id, attachments)))
      return replays.flatMap((made, at) =>
        made!.isSame ? [] : [`${turns[at]!.id}: ${made!.changed.join()}`],
      )
    },
    async [Symbol.asyncDispose]() {
      await ticker.stop()
      await model[Symbol.asyncDispose]()
      await functions.stop()
      await door.close()
      await running?.stop()
      await project[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
      rmSync(state, { recursive: true, force: true })
    },
  }
}

function secrets(environment: Record<string, string>, state: string): string {
  const all = { BATON_FAULTS_STATE: state, ...environment }
  return Object.entries(all)
    .map(([name, value]) => `${name}='${value}'\n`)
    .join('')
}

function chatWith(sql: postgres.Sql, as: TestChat['as'], projectId: string, id: string): TestChat {
  const run = async () => {
    const rows = await sql<
      RunRow[]
    >`select * from public.runs where chat_id = ${id} order by created_at desc limit 1`
    return rows[0]!
  }
  return {
    id,
    projectId,
    as,
    run,
    async send(content) {
      const rows = await as(
        (t) => t<{ sent: { run_id: string } }[]>`
          select public.send_message(${id}, ${content}, ${randomUUID()}) as sent`,
      )
      return rows[0]!.sent.run_id
    },
    reaches: (state) =>
      eventually(async () => {
        const row = await run()
        expect(row, JSON.stringify(row)).toMatchObject({ state })
        return row
      }),
    entries: async () => {
      const rows = await sql<{ entry: Entry }[]>`
        select to_jsonb(e) || jsonb_build_object('tool_call', to_jsonb(c)) as entry
        from public.entries e left join public.tool_calls c on c.entry_id = e.id
        where e.chat_id = ${id} order by e.turn, e.index`
      return rows.map(({ entry }) => entry)
    },
    calls: () => sql<CallRow[]>`select * from public.tool_calls where chat_id = ${id} order by created_at`,
    turns: () => sql<TurnRow[]>`select * from public.turns where chat_id = ${id} order by turn`,
    async file(path) {
      const rows = await sql<{ content: string }[]>`
        select b.content from public.files f join public.blobs b using (project_id, hash)
        where f.project_id = ${projectId} and f.path = ${path}`
      return rows[0]?.content ?? null
    },
  }
}
