/** Presence as the app shows and sees it, against the real realtime server, which can be killed. */
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { supabaseTransport } from '../../src/feed/index.ts'
import type { Present } from '../../src/people/presence.ts'
import { enterRoom } from '../../src/people/room.ts'
import type { Topic } from '../../supabase/functions/_shared/protocol.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'
import { type RunningParts, startParts } from './parts.ts'
import { asPerson, createPerson, createTeam, type Person } from './person.ts'

let database: TestDatabase
let parts: RunningParts
const toClose: (() => unknown)[] = []

beforeAll(async () => {
  database = await createTestDatabase()
  parts = await startParts(database.config, ['realtime', 'gateway'])
})
afterEach(async () => {
  for (const close of toClose.splice(0)) await close()
})
afterAll(async () => {
  await parts[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

test('a tab shows where it is, and leaves nothing behind when it goes', async () => {
  const { person, projectId } = await foundProject()
  const one = enter(person, projectId)
  const other = enter(person, projectId)
  for (const file of ['a.ts', 'b.ts', 'c.ts']) {
    other.show(file)
    await one.sees((people) => people[0]?.files.join() === file)
  }
  other.leave()
  await one.sees((people) => people.length === 0)
})

test('who was cut off is seen again, without showing anything anew', async () => {
  const { person, projectId } = await foundProject()
  const one = enter(person, projectId)
  const other = enter(person, projectId)
  other.show('a.ts')
  await one.sees((people) => people.length === 1)
  process.kill(parts.part('realtime').pid!, 'SIGKILL')
  await one.sees((people) => people.length === 0)
  await one.sees((people) => people[0]?.files[0] === 'a.ts')
}, 60_000)

test('whoever names a person who is not in the team shows nobody', async () => {
  const { person, projectId } = await foundProject()
  const one = enter(person, projectId)
  const forger = enter(person, projectId, randomUUID())
  const honest = enter(person, projectId)
  forger.show('a.ts')
  honest.show('b.ts')
  await one.sees((people) => people.length > 0)
  expect(one.people().map(({ files }) => files)).toEqual([['b.ts']])
})

async function foundProject() {
  const person = await createPerson(parts.config, database.sql('supabase_admin'))
  const sql = database.sql('authenticator')
  const { id } = await createTeam(sql, person)
  const rows = await asPerson(
    sql,
    person,
    (sql) => sql<{ id: string }[]>`select public.create_project(${id}, 'Project') ->> 'id' as id`,
  )
  return { person, projectId: rows[0]!.id }
}

/** A tab of somebody, who says that they are `userId`. */
function enter(person: Person, projectId: string, userId = person.id) {
  const client = parts.client(person)
  const transport = supabaseTransport(async () => client)
  const topic: Topic = `project:${projectId}`
  const leaveChannel = transport.join(topic, { joined() {}, left() {}, hinted() {} })
  let people: Present[] = []
  const listeners = new Set<() => void>()
  const room = enterRoom(transport, projectId, (now) => {
    people = now
    for (const listener of [...listeners]) listener()
  })
  room.admit(new Set([person.id]))
  const tab = randomUUID()
  const leave = () => {
    room.close()
    leaveChannel()
  }
  toClose.push(leave)
  return {
    people: () => people,
    show: (file: string) => room.show({ user: userId, tab, chat: null, file, typing: 0 }),
    leave,
    sees: (isMeant: (people: Present[]) => boolean) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (!isMeant(people)) return
          listeners.delete(look)
          resolve()
        }
        listeners.add(look)
        look()
      }),
  }
}
