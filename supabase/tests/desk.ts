/** Escalations, as people and workers make them, and the desk that they end on. */
import type { Escalation, EscalationSnapshot, Ladder, Role } from '../functions/_shared/protocol.ts'
import { type Arguments, call, join, type Person, type Reach, signUp } from './people.ts'
import { createChat, send, settle } from './work.ts'

export const LADDER: Ladder = {
  levels: [
    { after_minutes: 0, roles: ['senior'], people: [], by: ['bell'] },
    { after_minutes: 15, roles: ['admin', 'owner'], people: [], by: ['bell', 'mail'] },
  ],
  quiet: null,
  remind_after_minutes: 10,
  lapse_after_minutes: 20,
  question_after_minutes: 30,
}

export const escalate = (db: Reach, self: Person, chat_id: string, more: Arguments = {}) =>
  call<Escalation>(db, self, 'escalate', { chat_id, reason: 'It goes round in circles.', ...more })

export const claimIt = (db: Reach, self: Person, escalation_id: string) =>
  call<Escalation>(db, self, 'claim_escalation', { escalation_id })

export const resolve = (db: Reach, self: Person, escalation_id: string, more: Arguments = {}) =>
  call<Escalation>(db, self, 'resolve_escalation', { escalation_id, ...more })

export const look = (db: Reach, self: Person, escalation_id: string) =>
  call<EscalationSnapshot>(db, self, 'escalation_snapshot', { escalation_id })

/** A team with one of each role and a second senior; the junior's chat is where things get stuck. */
export async function staff(db: Reach) {
  const { owner, team, project } = await settle(db)
  const newcomer = async (name: string, role: Role) => {
    const person = await signUp(db, name)
    await join(db, owner, team.id, person, role)
    return person
  }
  const admin = await newcomer('Ada', 'admin')
  const senior = await newcomer('Sena', 'senior')
  const second = await newcomer('Sam', 'senior')
  const junior = await newcomer('Jun', 'member')
  const bystander = await newcomer('Bo', 'member')
  const stuck = async () => {
    const chat = await createChat(db, junior, project.id)
    return await escalate(db, junior, chat.id)
  }
  /** With a run that is queued. */
  const busy = async () => {
    const chat = await createChat(db, junior, project.id)
    const { run_id } = await send(db, junior, chat.id)
    return { chat, run_id }
  }
  return { owner, admin, senior, second, junior, bystander, team, project, stuck, busy }
}

export type Staff = Awaited<ReturnType<typeof staff>>
