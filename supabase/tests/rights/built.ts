/** What builders, publishers and previews leave in a project: a row in every table that is about them. */
import { randomUUID } from 'node:crypto'
import type { Build, Host } from '../../functions/_shared/protocol.ts'
import { buildAll, hostOf, sha256 } from '../builders.ts'
import type { Database } from '../database.ts'
import { call, type Person } from '../people.ts'
import type { Worker } from '../work.ts'

export type Built = {
  /** What its preview shows, and what is published. */
  deployment: string
  published: string
  /** Builds that were cancelled. */
  cancelledPreview: string
  cancelledProduction: string
  domain: string
  previewQuestion: string
}

/** The question is asked while the run of `worker` still runs. */
export async function askPreview(db: Database, worker: Worker, tool_call_id: string): Promise<string> {
  await worker.write('ask_preview', { tool_call_id, wait_seconds: 60 })
  const [question] = await db.sql`select id from preview_questions where tool_call_id = ${tool_call_id}`
  return question!.id
}

export async function build(
  db: Database,
  publisher: Person,
  project_id: string,
  chat_id: string,
): Promise<Omit<Built, 'previewQuestion'>> {
  const act = <Result>(name: string, args: object = {}) =>
    call<Result>(db, publisher, name, { project_id, ...args })
  await act('publish')
  await buildAll(db)
  const deployment = (await hostOf(db, project_id)).deployment_id!
  const published = (await hostOf(db, project_id, 'production')).deployment_id!

  const production = await act<Build>('publish')
  await act<Host>('rollback', { deployment_id: published })
  await act('set_variable', { name: 'VITE_COLOUR', value: 'blue' })
  const [preview] = await db.sql<{ id: string }[]>`
    select id from builds where project_id = ${project_id} and state = 'pending'`
  await call(db, publisher, 'cancel_build', { build_id: preview!.id })

  const domain = `app-${randomUUID().slice(0, 8)}.example.com`
  await act('set_domain', { domain })
  await act('report_preview', {
    deployment_id: deployment,
    reports: [{ kind: 'error', message: 'x is not a function' }],
  })
  await db.sql`
    insert into mendings (project_id, chat_id, build_id, try, signatures)
    values (${project_id}, ${chat_id}, ${preview!.id}, 1, '{}')`
  await db.sql`insert into doomed_blobs (hash) values (${sha256(project_id)})`
  return { deployment, published, cancelledPreview: preview!.id, cancelledProduction: production.id, domain }
}
