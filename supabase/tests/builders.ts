/** Builders, as their service works: each claims, writes under its token, and ends. */
import { createHash, randomUUID } from 'node:crypto'
import type {
  Build,
  BuildError,
  ClaimedBuild,
  FinishedBuild,
  Host,
  LiveDeployment,
  Manifest,
  ProjectSnapshot,
} from '../functions/_shared/protocol.ts'
import { type Arguments, call, type Person, type Reach, service } from './people.ts'

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

export const tryClaimBuild = (
  db: Reach,
  { worker = 'builder', held = {}, lease_seconds = 60, kinds = ['preview', 'production'] }: ClaimOptions = {},
) => call<ClaimedBuild | null>(db, service, 'claim_build', { worker, lease_seconds, held, kinds })

type ClaimOptions = {
  worker?: string
  held?: Record<string, number>
  lease_seconds?: number
  kinds?: string[]
}

export async function claimBuild(db: Reach, options: ClaimOptions = {}): Promise<Builder> {
  const claimed = await tryClaimBuild(db, options)
  if (!claimed) throw new Error('There is no build to claim.')
  return builderOf(db, claimed)
}

export type Builder = ReturnType<typeof builderOf>

export function builderOf(db: Reach, claimed: ClaimedBuild) {
  const lease = { build_id: claimed.build.id, token: claimed.token }
  const write = <Result = null>(name: string, args: Arguments = {}) =>
    call<Result>(db, service, name, { ...args, ...lease })
  return {
    claimed,
    lease,
    write,
    finish: (page: string = randomUUID(), more: Arguments = {}) =>
      write<FinishedBuild>('finish_build', { ...deploymentOf({ '/index.html': page }), ...more }),
    fail: (errors: Partial<BuildError>[] = [fault('x is not defined')], more: Arguments = {}) =>
      write<{ state: 'failed' }>('fail_build', { errors, ...more }),
    extend: (lease_seconds = 60, more: Arguments = {}) =>
      write<string>('extend_build_lease', { lease_seconds, ...more }),
  }
}

/** A manifest of pages, with their texts beside it. */
export function deploymentOf(pages: Record<string, string>): { manifest: Manifest; fresh: object[] } {
  const files = Object.entries(pages).map(([path, text]) => [
    path,
    { hash: sha256(text), type: 'text/html; charset=utf-8', size: Buffer.byteLength(text) },
  ])
  return {
    manifest: { entry: Object.keys(pages)[0]!, files: Object.fromEntries(files) },
    fresh: Object.values(pages).map((content) => ({ hash: sha256(content), content })),
  }
}

export const fault = (message: string, file = 'src/App.tsx', line = 3): BuildError => ({
  file,
  line,
  column: 1,
  message,
  frame: null,
})

/** Builds whatever waits, until nothing does: for a moment a build is kept for the builder that knows its project. */
export async function buildAll(db: Reach) {
  for (;;) {
    const claimed = await tryClaimBuild(db)
    if (claimed) await builderOf(db, claimed).finish()
    else if (!(await isAnyPending(db))) return
  }
}

/** One that waits for another builder to end is not waited for. */
async function isAnyPending(db: Reach): Promise<boolean> {
  const pending = await db.sql`
    select from public.builds b
    where b.state = 'pending' and not exists (
      select from public.builds r
      where r.project_id = b.project_id and r.kind = b.kind and r.state = 'running' and r.lease_expires_at > now())`
  return pending.length > 0
}

export async function expireBuildLease(db: Reach, build_id: string) {
  await db.sql`
    update builds set lease_expires_at = now() - interval '1 minute' where id = ${build_id} and state = 'running'`
}

export const projectSnapshot = (db: Reach, self: Person, project_id: string) =>
  call<ProjectSnapshot>(db, self, 'project_snapshot', { project_id })

export async function buildsOf(db: Reach, project_id: string) {
  return await db.sql<Pick<Build, 'id' | 'kind' | 'state' | 'trigger' | 'reason' | 'run_id'>[]>`
    select id, kind, state, trigger, reason, run_id from builds where project_id = ${project_id} order by created_at`
}

export async function hostOf(db: Reach, project_id: string, kind: Host['kind'] = 'preview') {
  const [host] = await db.sql<Host[]>`select * from hosts where project_id = ${project_id} and kind = ${kind}`
  return host!
}

export const liveAt = (db: Reach, host_kind: string, label: string) =>
  call<LiveDeployment | null>(db, service, 'live_deployment', { host_kind, label })
