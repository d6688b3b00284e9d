/** Two teams that know nothing of each other, with somebody in every place that rights distinguish. */
import { randomUUID } from 'node:crypto'
import { type Actor, createDatabase, type Database } from '../database.ts'
import { claimIt, escalate, LADDER } from '../desk.ts'
import { anonymous, call, createTeam, invite, join, type Person, service, signUp } from '../people.ts'
import { claim, comment, createChat, createProject, notify, save, send, writeFile } from '../work.ts'
import { askPreview, type Built, build } from './built.ts'
import type { ActorName } from './declared.ts'

export type World = {
  db: Database
  actors: Record<ActorName, Actor>
  /** Their own ids, for those who have one. */
  ids: Record<ActorName, string | null>
  /** Has no part in any test but to be read about, changed or removed. */
  guest: Person
  ours: string
  theirs: string
  invitation: string
  token: string
  /** A project of each team, with a row in every table that is about projects. */
  ourWork: Work
  theirWork: Work
}

export type Work = {
  project: string
  chat: string
  /** In it a run waits for an answer. */
  question: string
  toolCall: string
  run: string
  /** A message that a run has taken, and one that waits. */
  entry: string
  message: string
  checkpoint: string
  /** Of the person who made the project. */
  comment: string
  thread: string
  /** Of the file `index.html`. */
  version: number
  /** One that is open, and one that the owner of the team holds. */
  escalation: string
  held: string
  built: Built
}

export async function createWorld(): Promise<World> {
  const db = await createDatabase()
  await call(db, service, 'set_setting', { key: 'app_url', value: 'http://app.test' })
  const owner = await signUp(db, 'Owner')
  const admin = await signUp(db, 'Admin')
  const senior = await signUp(db, 'Senior')
  const member = await signUp(db, 'Member')
  const guest = await signUp(db, 'Guest')
  const stranger = await signUp(db, 'Stranger')
  const ours = (await createTeam(db, owner, 'Ours')).id
  const theirs = (await createTeam(db, stranger, 'Theirs')).id
  await join(db, owner, ours, admin, 'admin')
  await join(db, owner, ours, senior, 'senior')
  await join(db, owner, ours, member, 'member')
  await join(db, owner, ours, guest, 'member')
  await invite(db, stranger, theirs, 'friend@people.test', 'member')
  const { invitation, token } = await invite(db, owner, ours, 'newcomer@people.test', 'member')

  for (const person of [owner, admin, senior, member, guest]) await notify(db, person, ours)
  await notify(db, stranger, theirs)

  const ourWork = await createWork(db, member, ours, owner)
  const theirWork = await createWork(db, stranger, theirs, stranger)
  for (const person of [owner, admin, senior, guest]) {
    await call(db, person, 'read_escalation', { escalation_id: ourWork.escalation })
  }

  const people = { stranger, member, senior, admin, owner }
  return {
    db,
    actors: { anonymous, service, ...people },
    ids: {
      anonymous: null,
      service: null,
      stranger: stranger.sub,
      member: member.sub,
      senior: senior.sub,
      admin: admin.sub,
      owner: owner.sub,
    },
    guest,
    ours,
    theirs,
    invitation: invitation.id,
    token,
    ourWork,
    theirWork,
  }
}

async function createWork(db: Database, self: Person, team: string, owner: Person): Promise<Work> {
  const project = await createProject(db, self, team)
  const chat = await createChat(db, self, project.id)
  const { run_id, entry_id } = await send(db, self, chat.id)
  const worker = await claim(db, run_id)
  await writeFile(worker, 'src/button.tsx', 'export {}')
  const plan = { kind: 'set_plan', items: [{ text: 'Begin', state: 'doing' }] }
  const turn = await worker.openTurn()
  await worker.say(turn, 0, 'Which colour?')
  await worker.finish(await worker.call(turn, 1), [plan])
  const toolCall = await worker.call(turn, 2)
  await worker.write('note_usage', { turn_id: turn, usage: { input_tokens: 1 }, cost_usd: 0.01 })
  await worker.closeTurn(turn, 'tool_use')
  const { message_id } = await send(db, self, chat.id, 'And hurry')
  const question = randomUUID()
  await worker.write('ask_question', { question_id: question, tool_call_id: toolCall, prompt: {} })
  const previewQuestion = await askPreview(db, worker, toolCall)
  await worker.write('wait_for_person')
  const { version } = await save(db, self, project.id, 'about.html', '<!doctype html>')
  const said = await comment(db, self, project.id, { entry_id: entry_id! })
  const [checkpoint] = await db.sql`select id from checkpoints where project_id = ${project.id}`
  await db.sql`insert into storage.objects (bucket_id, name) values ('attachments', ${`${project.id}/picture.png`})`
  const escalation = await raise(db, self, project.id)
  await call(db, self, 'open_escalation', { escalation_id: escalation })
  const held = await raise(db, self, project.id)
  await claimIt(db, owner, held)
  await call(db, owner, 'set_ladder', { team_id: team, ladder: LADDER })
  const built = { ...(await build(db, owner, project.id, chat.id)), previewQuestion }
  return {
    project: project.id,
    chat: chat.id,
    question,
    toolCall,
    run: run_id,
    entry: entry_id!,
    message: message_id,
    checkpoint: checkpoint!.id,
    comment: said.id,
    thread: said.thread_id,
    version,
    escalation,
    held,
    built,
  }
}

async function raise(db: Database, self: Person, project: string): Promise<string> {
  const chat = await createChat(db, self, project)
  return (await escalate(db, self, chat.id)).id
}

export const unknownId = randomUUID()
