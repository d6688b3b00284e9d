/**
 * What is built, published, set and reported, step by step. After every step the page could have been loaded: from each of
 * these snapshots the events lead to the last one, for the fold that the browser uses.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyProjectEvent } from '../../src/projects/project-changes.ts'
import type { BatonEvent, Build, EventPage, ProjectSnapshot } from '../functions/_shared/protocol.ts'
import { claimBuild, fault, hostOf, projectSnapshot } from './builders.ts'
import { createDatabase, type Database } from './database.ts'
import { call, service } from './people.ts'
import { claim, save, send, settle, writeFile } from './work.ts'

let db: Database
beforeAll(async () => {
  db = await createDatabase()
})
afterAll(() => db[Symbol.asyncDispose]())

test('from every moment the events of builds lead to the last', async () => {
  const { owner, project, chat, topic } = await settle(db)
  const act = <Result>(name: string, args = {}) =>
    call<Result>(db, owner, name, { project_id: project.id, ...args })
  const moments: ProjectSnapshot[] = [await projectSnapshot(db, owner, project.id)]
  const step = async <T>(doing: Promise<T>): Promise<T> => {
    const answer = await doing
    moments.push(await projectSnapshot(db, owner, project.id))
    return answer
  }

  const first = await step(claimBuild(db))
  await step(first.extend(60, { lines: [{ at_ms: 1, level: 'info', text: 'Begins' }] }))
  await step(first.finish())
  await step(first.write('report_type_errors', { type_errors: [fault('Not a number')] }))
  const deployment_id = (await hostOf(db, project.id)).deployment_id!
  const reports = [{ kind: 'error', message: 'x is not a function' }]
  await step(act('report_preview', { deployment_id, reports }))
  await step(act('set_variable', { name: 'VITE_B', value: 'b' }))
  await step(act('set_variable', { name: 'VITE_A', value: 'a' }))
  await step(act('set_variable', { name: 'VITE_B', value: 'c' }))
  await step(act('delete_variable', { name: 'VITE_A' }))
  await step(act('set_domain', { domain: 'b.example.com' }))
  await step(act('set_domain', { domain: 'a.example.com' }))
  await step(act('verify_domain', { domain: 'a.example.com' }))
  const [due] = await step(call<{ domain: string; token: number }[]>(db, service, 'domain_checks_due'))
  await step(call(db, service, 'finish_domain_check', { domain: due!.domain, token: due!.token, ok: true }))
  await step(act('remove_domain', { domain: 'b.example.com' }))
  await step(save(db, owner, project.id, 'src/a.ts', 'x'))
  const asked = await step(act<Build>('request_build'))
  await step(call(db, owner, 'cancel_build', { build_id: asked.id }))
  await step(act('publish'))
  await step(claimBuild(db).then((builder) => builder.finish()))
  const published = (await hostOf(db, project.id, 'production')).deployment_id!
  await step(act('publish'))
  await step(act('unpublish'))
  await step(act('rollback', { deployment_id: published }))

  const { run_id } = await step(send(db, owner, chat.id))
  const worker = await step(claim(db, run_id))
  await step(writeFile(worker, 'src/b.ts', 'broken'))
  const turn = await worker.openTurn()
  const tool_call_id = await worker.call(turn, 0)
  await step(worker.write('ask_preview', { tool_call_id }))
  const [question] = await db.sql`select id from preview_questions where project_id = ${project.id}`
  await step(call(db, owner, 'answer_preview', { question_id: question!.id, answer: { outline: 'main' } }))
  await worker.finish(tool_call_id)
  await worker.closeTurn(turn, 'tool_use')
  await step(worker.complete())
  await step(claimBuild(db).then((builder) => builder.fail([fault('Unexpected token')])))
  await step(act('set_preview_visibility', { visibility: 'private' }))
  await step(act('import_files', { files: [{ path: 'c.ts', content: 'x' }] }))
  await step(claimBuild(db).then((builder) => builder.finish()))

  const last = moments.at(-1)!
  for (const moment of moments) {
    const { events } = await call<EventPage>(db, owner, 'read_events', {
      topic,
      after_seq: moment.seq,
      max_events: 1000,
    })
    const folded = events.reduce<ProjectSnapshot>(applyProjectEvent as never, moment)
    expect(comparable(folded, events.at(-1)?.seq ?? moment.seq)).toEqual(comparable(last, last.seq))
  }
})

/** Values of variables are read as rows, since no event has them. */
function comparable(snapshot: ProjectSnapshot, seq: BatonEvent['seq']) {
  const { builds, deployments, hosts, domains, preview_errors, preview_questions } = snapshot
  const variables = snapshot.variables.map(({ name, updated_by, updated_at }) => ({
    name,
    updated_by,
    updated_at,
  }))
  return { seq, builds, deployments, hosts, domains, preview_errors, preview_questions, variables }
}
