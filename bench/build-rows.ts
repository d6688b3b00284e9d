/**
 * What builds cost in SQL, on the way from a write to what an address shows: the request within the write, the claim with
 * what changed, the end with its pointer and events, and going back. Beside the write without a request, a claim that
 * reads the whole tree, one bare insert of the manifest, and one bare update.
 */
import { createHash } from 'node:crypto'
import type postgres from 'postgres'
import { asPerson, createPerson, createTeam } from '../local/testing/person.ts'
import type {
  Build,
  ClaimedBuild,
  FileChange,
  Host,
  Project,
} from '../supabase/functions/_shared/protocol.ts'
import { millisecondsOf, percentile, report, times } from './measure.ts'
import { startStack } from './stack.ts'

const FILES = 44
const MODULES = 80
const ROUNDS = times(400, 60)

await using stack = await startStack([])
const sql = stack.sql('postgres', 1)
const person = await createPerson(stack.config, stack.sql('supabase_admin'))
const team = await createTeam(sql, person)
const project = await act<Project>((t) => t`select public.create_project(${team.id}, 'Bench') as made`)
for (let file = 0; file < FILES; file++) await save(`src/${file}.ts`, 'x'.repeat(3_000), 0)

let version = (await save('src/changing.ts', '0', 0)).version
const samples = { write: [], claim: [], whole: [], finish: [], insert: [] } as Record<string, number[]>
await sql`create temporary table manifests (manifest jsonb)`
for (let round = 0; round < ROUNDS; round++) {
  await sample('write', () => change(`${round}`))
  const held = { [project.id]: version - 1 }
  let claimed: ClaimedBuild | undefined
  await sample('claim', async () => {
    claimed = await claim(held)
  })
  const manifest = manifestOf(round)
  await sample('insert', () => sql`insert into manifests values (${sql.json(manifest as never)})`)
  await sample('finish', () => finish(claimed!, manifest, `${round}`))
  await change(`${round} again`)
  await sample('whole', async () => {
    claimed = await claim({})
  })
  await finish(claimed!, manifestOf(-round - 1), `${-round - 1}`)
}

const { back, update } = await measureRollback()
await sql`
  create or replace function baton.request_preview(
    project_id uuid, trigger text, requested_by uuid default null, run_id uuid default null
  )
  returns baton.new_event[] language plpgsql set search_path = '' as 'begin return null; end'`
for (let round = 0; round < ROUNDS; round++) await sample('bare', () => change(`bare ${round}`))

for (const share of [50, 95]) {
  const of = (name: string) => percentile(samples[name]!, share)
  report(`write that requests its build p${share}`, 'ms', of('write'), of('bare'))
  report(`claim of a build, with one change of ${FILES} files p${share}`, 'ms', of('claim'), of('whole'))
  report(`end of a build of ${MODULES} modules p${share}`, 'ms', of('finish'), of('insert'))
  report(`rollback p${share}`, 'ms', percentile(back, share), percentile(update, share))
}

async function measureRollback() {
  const published: string[] = []
  for (const page of ['one', 'two']) {
    await act<Build>((t) => t`select public.publish(${project.id}) as made`)
    const claimed = await claim({})
    published.push((await finish(claimed, manifestOf(0), page)).deployment_id)
    await change(page)
    await finish(await claim({}), manifestOf(0), page)
  }
  const back: number[] = []
  const update: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const wanted = published[round % 2]!
    back.push(
      await millisecondsOf(() =>
        act<Host>((t) => t`select public.rollback(${project.id}, ${wanted}) as made`),
      ),
    )
    update.push(
      await millisecondsOf(
        () =>
          sql`update public.hosts set updated_at = now() where project_id = ${project.id} and kind = 'preview'`,
      ),
    )
  }
  return { back, update }
}

async function sample(name: string, task: () => Promise<unknown>): Promise<void> {
  const took = await millisecondsOf(task)
  samples[name] = [...(samples[name] ?? []), took]
}

async function act<Made>(query: (t: postgres.TransactionSql) => PromiseLike<postgres.Row[]>): Promise<Made> {
  const rows = (await asPerson(sql, person, query as never)) as { made: Made }[]
  return rows[0]!.made
}

function save(path: string, content: string, base: number): Promise<FileChange> {
  return act((t) => t`select public.save_file(${project.id}, ${path}, ${content}, ${base}) as made`)
}

async function change(content: string): Promise<void> {
  version = (await save('src/changing.ts', content, version)).version
}

async function claim(held: Record<string, number>): Promise<ClaimedBuild> {
  const [row] = await sql<{ build: ClaimedBuild }[]>`
    select public.claim_build('bench', 60, ${sql.json(held)}) as build`
  return row!.build
}

async function finish({ build, token }: ClaimedBuild, manifest: object, content: string) {
  const [row] = await sql<{ finished: { deployment_id: string } }[]>`
    select public.finish_build(${build.id}::uuid, ${token}::bigint, ${sql.json(manifest as never)},
      fresh => ${sql.json([...shared(), { hash: hashOf(content), content }])}) as finished`
  return row!.finished
}

/** All modules but one stay as they are, as after a change in one file. */
function manifestOf(round: number) {
  const module = (name: string) => ({
    hash: hashOf(name),
    type: 'text/javascript',
    size: 3_000,
    immutable: true,
  })
  const files = Object.fromEntries(
    Array.from({ length: MODULES }, (_, at) => [
      `/@m/${at}.js`,
      module(at === 0 ? `${round}` : `module ${at}`),
    ]),
  )
  return { entry: '/@m/1.js', files: { ...files } }
}

let given = false
/** The texts of the modules that stay, once. */
function shared(): { hash: string; content: string }[] {
  if (given) return []
  given = true
  return Array.from({ length: MODULES - 1 }, (_, at) => `module ${at + 1}`).map((content) => ({
    hash: hashOf(content),
    content,
  }))
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
