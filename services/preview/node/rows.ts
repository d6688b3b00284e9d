/**
 * The rows of hosts and deployments over a connection of our own: one round trip for a read, and notifications that come
 * a millisecond after a commit. When the connection was away, what is remembered counts as old until it is read again.
 */
import postgres from 'postgres'
import type {
  DeploymentKind,
  LiveDeployment,
  Manifest,
} from '../../../supabase/functions/_shared/protocol.ts'
import { type HostChange, type Rows, type StoredFile, Unavailable } from '../source.ts'
import type { DomainRows, DueCheck } from './domain-checks.ts'
import { type Ears, openEars } from './ears.ts'

/** `hearing`: whether the others would be called. */
export type Hear = {
  hostChanged(change: HostChange): void
  domainAsked(): void
  hearing(is: boolean): void
}
export type PostgresRows = Rows & {
  /** Tells of host rows that changed, and whether it would hear of them. */
  listen(hear: Hear): Promise<void>
  domains: DomainRows
  close(): Promise<void>
}

const PATIENCE_MS = 5_000

export function openRows(databaseUrl: string): PostgresRows {
  const settings = {
    backoff: () => 0.25,
    connect_timeout: 5,
    onnotice: () => {},
    connection: { application_name: 'baton preview', statement_timeout: PATIENCE_MS },
  }
  const sql = postgres(databaseUrl, { ...settings, max: 4, idle_timeout: 300 })
  let offset = 0

  const ask = async <Result>(question: PromiseLike<Result>): Promise<Result> => {
    try {
      return await withPatience(question)
    } catch (cause) {
      throw new Unavailable('The database does not answer.', { cause })
    }
  }

  let ears: Ears | undefined

  return {
    async live(kind, label) {
      const began = Date.now()
      const [row] = await ask(
        sql<{ live: LiveDeployment | null; now: string }[]>`
          select public.live_deployment(${kind}, ${label}) as live,
                 (extract(epoch from clock_timestamp()) * 1000)::text as now`,
      )
      offset = Number(row?.now) - (began + Date.now()) / 2
      return row?.live ?? null
    },
    async former(projectId, deploymentId) {
      const [row] = await ask(
        sql<{ id: string; version: number; manifest: Manifest }[]>`
          select id, version::float8 as version, manifest from public.deployments
          where id = ${deploymentId} and project_id = ${projectId}`,
      )
      return row ?? null
    },
    async formerFile(projectId: string, kind: DeploymentKind, path: string) {
      const [row] = await ask(
        sql<{ file: StoredFile }[]>`
          select manifest -> 'files' -> ${path} as file from public.deployments
          where project_id = ${projectId} and kind = ${kind} and manifest -> 'files' ? ${path}
          order by created_at desc limit 1`,
      )
      return row?.file ?? null
    },
    async freshBlobs(hashes) {
      const [row] = await ask(
        sql<{ blobs: Record<string, string> }[]>`select public.read_fresh_blobs(${hashes}) as blobs`,
      )
      return row?.blobs ?? {}
    },
    clockOffset: () => offset,

    domains: {
      async due() {
        const [row] = await ask(sql<{ due: DueCheck[] }[]>`select public.domain_checks_due() as due`)
        return row?.due ?? []
      },
      async finish({ domain, token }, problem) {
        await ask(
          sql`select public.finish_domain_check(${domain}, ${token}, ${problem === null}, ${problem})`,
        )
      },
    },

    async listen({ hostChanged, domainAsked, hearing }) {
      const hosts = (text: string) => {
        const change = readChange(text)
        if (change) hostChanged(change)
      }
      ears = await openEars(databaseUrl, { hosts, domains: domainAsked }, hearing)
    },
    async close() {
      await Promise.all([sql.end({ timeout: 1 }), ears?.close()])
    },
  }
}

/** A connection attempt alone may take longer than anybody waits for a page. */
function withPatience<Result>(question: PromiseLike<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const end = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error(`no answer within ${PATIENCE_MS} ms`)), PATIENCE_MS)
  })
  return Promise.race([question, end]).finally(() => clearTimeout(timer))
}

function readChange(text: string): HostChange | null {
  try {
    const change = JSON.parse(text) as HostChange
    return typeof change.slug === 'string' && typeof change.kind === 'string' ? change : null
  } catch {
    return null
  }
}
