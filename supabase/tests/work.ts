/** Projects, chats and runs, as people and workers make them. */
import { randomUUID } from 'node:crypto'
import type {
  Chat,
  ClaimedRun,
  Comment,
  Entry,
  FileChange,
  FinishedCall,
  Project,
  ProjectSnapshot,
  RunSnapshot,
  SentMessage,
  TurnEnding,
} from '../functions/_shared/protocol.ts'
import { type Arguments, call, createTeam, type Person, type Reach, service, signUp } from './people.ts'

export const createProject = (db: Reach, self: Person, team_id: string, name = 'Todo list') =>
  call<Project>(db, self, 'create_project', { team_id, name })

export const createChat = (db: Reach, self: Person, project_id: string) =>
  call<Chat>(db, self, 'create_chat', { project_id, title: 'Chat' })

export const send = (
  db: Reach,
  self: Person,
  chat_id: string,
  content = 'Make a todo app',
  client_id: string = randomUUID(),
) => call<SentMessage>(db, self, 'send_message', { chat_id, content, client_id })

export const save = (
  db: Reach,
  self: Person,
  project_id: string,
  path: string,
  content: string,
  base_version = 0,
) => call<FileChange>(db, self, 'save_file', { project_id, path, content, base_version })

/** About an entry or a file, or in a thread. */
export const comment = (db: Reach, self: Person, project_id: string, about: Arguments, body = 'Why?') =>
  call<Comment>(db, self, 'add_comment', { project_id, body, client_id: randomUUID(), ...about })

/** As whatever tells somebody something does it. */
export const notify = (
  db: Reach,
  person: Person,
  team: string,
  group: string | null = null,
  title = 'News',
) =>
  db.sql`
    select baton.append_events(array[
      baton.notify(${person.sub}, ${team}, 'news', ${title}, 'Something happened.', '/', '{}', ${group})])`

/** How many files the template has: so many changes has a new project. */
export async function templateSize(db: Reach): Promise<number> {
  const [{ size }] = (await db.sql`select count(*)::int as size from baton.template_files`) as [
    { size: number },
  ]
  return size
}

/** What was written since the project was made. */
export async function filesSince(db: Reach, self: Person, project_id: string, version: number) {
  const { files } = await call<ProjectSnapshot>(db, self, 'project_snapshot', { project_id })
  return files.filter((file) => file.version > version)
}

/** Somebody with a team, a project and a chat of their own; `planted` is the version that its template ends in. */
export async function settle(db: Reach) {
  const owner = await signUp(db, 'Owner')
  const team = await createTeam(db, owner, 'Team')
  const project = await createProject(db, owner, team.id)
  const chat = await createChat(db, owner, project.id)
  const planted = await templateSize(db)
  return { owner, team, project, chat, planted, topic: `project:${project.id}` }
}

export const runSnapshot = (db: Reach, self: Person, run_id: string) =>
  call<RunSnapshot>(db, self, 'run_snapshot', { run_id })

export const readHistory = (db: Reach, chat_id: string, range: Arguments = {}) =>
  call<Entry[]>(db, service, 'read_history', { chat_id, ...range })

export async function eventsOf(db: Reach, topic: string, after = 0) {
  return await db.sql<{ kind: string; payload: Record<string, unknown> }[]>`
    select kind, payload from events where topic = ${topic} and seq > ${after} order by seq`
}

export async function claim(db: Reach, run_id: string, lease_seconds = 60): Promise<Worker> {
  const claimed = await tryClaim(db, run_id, lease_seconds)
  if (!claimed) throw new Error(`Nobody can claim the run ${run_id} now.`)
  return workerOf(db, claimed)
}

export const tryClaim = (db: Reach, run_id: string | null, lease_seconds = 60) =>
  call<ClaimedRun | null>(db, service, 'claim_run', { run_id, worker: 'worker', lease_seconds })

/** As if its worker had died that long ago. */
export async function expireLease(db: Reach, run_id: string) {
  await db.sql`
    update runs set lease_expires_at = now() - interval '2 minutes' where id = ${run_id} and state = 'running'`
}

/** Who holds a run, or held it once: everything goes by the token of that claim. */
export type Worker = ReturnType<typeof workerOf>

export function workerOf(db: Reach, claimed: ClaimedRun) {
  const { run, stage, token } = claimed
  const lease = { run_id: run.id, token }
  const write = <Result = null>(name: string, args: Arguments = {}) =>
    call<Result>(db, service, name, { ...args, ...lease })
  const openEntry = async (turn_id: string, index: number, kind: string, more: Arguments = {}) => {
    const entry_id = randomUUID()
    await write('open_entry', { entry_id, turn_id, index, kind, ...more })
    return entry_id
  }
  return {
    claimed,
    lease,
    write,
    openEntry,
    async openTurn(): Promise<string> {
      const turn_id = randomUUID()
      const request = { model: 'claude', request_hash: 'hash', request_meta: {} }
      await write('open_turn', { turn_id, stage_id: stage.id, ...request })
      return turn_id
    },
    async say(turn_id: string, index: number, text: string): Promise<string> {
      const entry_id = await openEntry(turn_id, index, 'text')
      await write('append_to_entry', { entry_id, offset: 0, text })
      await write('close_entry', { entry_id })
      return entry_id
    },
    /** A call whose block is open. */
    async type(turn_id: string, index: number, tool_name = 'write_file') {
      const tool_call_id = randomUUID()
      const entry_id = await openEntry(turn_id, index, 'tool_use', {
        tool_call_id,
        api_id: `toolu_${index}`,
        tool_name,
      })
      return { entry_id, tool_call_id }
    },
    /** A call that runs. */
    async call(turn_id: string, index: number, input: object = {}, start = true): Promise<string> {
      const { entry_id, tool_call_id } = await this.type(turn_id, index)
      await write('close_tool_use', { entry_id, input, start })
      return tool_call_id
    },
    finish: (tool_call_id: string, effects: object[] = [], result = 'Done.') =>
      write<FinishedCall>('finish_tool_call', { tool_call_id, result, effects }),
    closeTurn: (turn_id: string, stop_reason = 'end_turn', more: Arguments = {}) =>
      write<TurnEnding>('close_turn', { turn_id, stop_reason, ...more }),
    complete: () =>
      write<{ state: string; next_run_id: string | null }>('finish_run', {
        state: 'completed',
        reason: 'end_turn',
      }),
  }
}

/** A turn in which one file is written, and all has ended. */
export async function writeFile(worker: Worker, path: string, content: string, base_version = 0) {
  const turn = await worker.openTurn()
  const toolCall = await worker.call(turn, 0, { path, content })
  const finished = await worker.finish(toolCall, [{ kind: 'write', path, content, base_version }])
  await worker.closeTurn(turn, 'tool_use')
  return { turn, toolCall, finished }
}
