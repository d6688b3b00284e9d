/** A database, an API with Storage, and builders, as `npm start` has them. */

import { join } from 'node:path'
import type postgres from 'postgres'
import { type Builder, type BuilderOptions, startBuilder } from '../../../services/builder/builder.ts'
import type { Build, BuildError, Manifest } from '../../../supabase/functions/_shared/protocol.ts'
import { apiUrl, databaseUrl } from '../../config.ts'
import type { PartName } from '../../part.ts'
import { createTestDatabase } from '../../testing/database.ts'
import { startParts } from '../../testing/parts.ts'
import { asPerson, createPerson, createTeam } from '../../testing/person.ts'
import { ROOT_DIR } from '../../testing/throwaway.ts'

/** What is installed is bundled once for all tests. */
const sharedCache = join(ROOT_DIR, 'node_modules/.cache/baton-test-vendor')

export type Deployed = { id: string; manifest: Manifest; build: Build }

/** With one builder in this process, or none when `settings` are null. */
export async function startBuilding(
  settings: Partial<BuilderOptions> | null = {},
  names: PartName[] = ['gateway'],
) {
  const database = await createTestDatabase()
  const parts = await startParts(database.config, names)
  const { config } = parts
  const sql = database.sql('postgres')
  const person = await createPerson(config, database.sql('supabase_admin'))
  const team = await createTeam(sql, person)
  const builders: Builder[] = []
  const logged: { level: string; message: string; fields?: Record<string, unknown> | undefined }[] = []
  const at = (level: string) => (message: string, fields?: Record<string, unknown>) => {
    logged.push({ level, message, fields })
  }

  const builder = async (more: Partial<BuilderOptions> = {}) => {
    const started = await startBuilder({
      databaseUrl: databaseUrl(config, 'postgres'),
      apiUrl: apiUrl(config),
      secretKey: config.keys.secret,
      cacheFolder: sharedCache,
      blobFolder: join(config.dataDir, 'cache/blobs'),
      log: { info: at('info'), warn: at('warn'), error: at('error') },
      ...settings,
      ...more,
    })
    builders.push(started)
    await started.ready
    return started
  }
  const call = async <Answer>(query: (t: postgres.TransactionSql) => Promise<{ answer: Answer }[]>) =>
    (await asPerson(sql, person, query))[0]!.answer

  const world = {
    config,
    sql,
    person,
    logged,
    builder,
    part: parts.part,
    async project(): Promise<string> {
      const made = await call(
        (t) => t<{ answer: { id: string } }[]>`select public.create_project(${team.id}, 'App') as answer`,
      )
      return made.id
    },
    /** All files at once; with `replace` there are no others afterwards. */
    async write(project: string, files: Record<string, string>, replace = false): Promise<void> {
      const list = Object.entries(files).map(([path, content]) => ({ path, content }))
      await call(
        (t) => t<{ answer: unknown }[]>`
        select public.import_files(${project}, ${t.json(list)}, ${replace}) as answer`,
      )
    },
    async publish(project: string): Promise<Build> {
      return await call((t) => t<{ answer: Build }[]>`select public.publish(${project}) as answer`)
    },
    /** Waits until the newest build of a kind has ended. */
    async ended(
      project: string,
      kind = 'preview',
    ): Promise<Build & { errors: BuildError[]; type_errors: BuildError[] | null }> {
      return await until(async () => {
        const [build] = await sql<(Build & { errors: BuildError[]; type_errors: BuildError[] | null })[]>`
          select * from public.builds where project_id = ${project} and kind = ${kind} order by created_at desc, version desc limit 1`
        return build && !['pending', 'running'].includes(build.state) ? build : undefined
      })
    },
    async deployed(project: string, kind = 'preview'): Promise<Deployed> {
      const build = await world.ended(project, kind)
      if (build.state !== 'succeeded')
        throw new Error(`The build ${build.state}: ${JSON.stringify(build.errors)}`)
      return { ...(await world.live(project, kind)), build }
    },
    async live(project: string, kind = 'preview'): Promise<{ id: string; manifest: Manifest }> {
      const [row] = await sql<{ id: string; manifest: Manifest }[]>`
        select d.id, d.manifest from public.hosts h join public.deployments d on d.id = h.deployment_id
        where h.project_id = ${project} and h.kind = ${kind}`
      return row!
    },
    async content({ files }: Manifest, path: string): Promise<string> {
      const { hash } = files[path]!
      const [row] = await sql<
        { content: string }[]
      >`select content from public.fresh_blobs where hash = ${hash}`
      if (row) return row.content
      const response = await fetch(`${apiUrl(config)}/storage/v1/object/deployments/blobs/${hash}`, {
        headers: { apikey: config.keys.secret },
      })
      return await response.text()
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(builders.map((started) => started.stop()))
      await parts[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
    },
  }
  if (settings) await builder()
  return world
}
export type Building = Awaited<ReturnType<typeof startBuilding>>

export async function until<Value>(look: () => Promise<Value | undefined>): Promise<Value> {
  for (;;) {
    const value = await look()
    if (value !== undefined) return value
    await new Promise((settle) => setTimeout(settle, 20))
  }
}
