/** The builder's calls of the database. Each is one statement: what must happen together happens in SQL. */
import type postgres from 'postgres'
import type {
  BuildError,
  BuildLogLine,
  ClaimedBuild,
  FinishedBuild,
  Manifest,
} from '../../supabase/functions/_shared/protocol.ts'
import { storable } from '../../supabase/functions/agent/storable.ts'

export type BuildKind = 'preview' | 'production'
type Held = Record<string, number>

/** The lease is somebody else's, or the build is not wanted any more: what was built is thrown away. */
export class LeaseLost extends Error {}
/** Blobs of the manifest are nowhere. */
export class BlobsMissing extends Error {
  readonly hashes: string[]
  constructor(hashes: string[]) {
    super(`${hashes.length} blobs are missing.`)
    this.hashes = hashes
  }
}

export type Stats = { duration_ms: number; compressed_size?: number }

export function openBuilds(sql: postgres.Sql, leaseSeconds: number) {
  const json = (value: unknown) => sql.json(value as postgres.JSONValue)
  const guarded = async <Row>(query: Promise<Row[]>): Promise<Row> => {
    try {
      return (await query)[0]!
    } catch (error) {
      throw understood(error)
    }
  }

  return {
    async claim(worker: string, held: Held, kinds: BuildKind[]): Promise<ClaimedBuild | null> {
      const [row] = await sql<{ claimed: ClaimedBuild | null }[]>`
        select public.claim_build(${worker}, ${leaseSeconds}::int, ${json(held)}, ${kinds}::text[]) as claimed`
      return row?.claimed ?? null
    },
    async readSources(buildId: string, token: number, paths: string[]) {
      const row = await guarded(sql<{ files: { path: string; content: string }[] }[]>`
        select public.read_build_sources(${buildId}, ${token}, ${paths}::text[]) as files`)
      return row.files
    },
    async extend(buildId: string, token: number): Promise<void> {
      await guarded(sql`select public.extend_build_lease(${buildId}, ${token}, ${leaseSeconds}::int)`)
    },
    async missing(hashes: string[]): Promise<string[]> {
      const [row] = await sql<
        { hashes: string[] }[]
      >`select public.missing_blobs(${hashes}::text[]) as hashes`
      return row?.hashes ?? []
    },
    async finish(
      buildId: string,
      token: number,
      result: {
        manifest: Manifest
        stats: Stats
        log: BuildLogLine[]
        fresh: { hash: string; content: string }[]
      },
    ): Promise<FinishedBuild> {
      const { manifest, stats, log, fresh } = result
      const row = await guarded(sql<{ finished: FinishedBuild }[]>`
        select public.finish_build(${buildId}, ${token}, ${json(manifest)}, ${json(stats)}, ${json(storable(log))}, ${json(fresh)}) as finished`)
      return row.finished
    },
    async fail(
      buildId: string,
      token: number,
      result: { errors: BuildError[]; log: BuildLogLine[]; stats: Stats; reason: string },
    ): Promise<void> {
      const { errors, log, stats, reason } = result
      await guarded(sql`
        select public.fail_build(${buildId}, ${token}, ${json(storable(errors))}, ${json(storable(log))}, ${json(stats)}, ${reason})`)
    },
    async reportTypes(buildId: string, token: number, errors: BuildError[]): Promise<void> {
      await guarded(sql`select public.report_type_errors(${buildId}, ${token}, ${json(storable(errors))})`)
    },
    async freshToStore(): Promise<{ hash: string; content: string; type: string }[]> {
      const [row] = await sql<{ blobs: { hash: string; content: string; type: string }[] }[]>`
        select to_jsonb(public.fresh_blobs_to_store()) as blobs`
      return row?.blobs ?? []
    },
    async stored(hashes: string[]): Promise<void> {
      await sql`select public.store_fresh_blobs(${hashes}::text[])`
    },
    async doomed(): Promise<string[]> {
      const [row] = await sql<
        { hashes: string[] }[]
      >`select to_jsonb(public.doomed_blobs_to_delete()) as hashes`
      return row?.hashes ?? []
    },
    async forget(hashes: string[]): Promise<void> {
      await sql`select public.forget_blobs(${hashes}::text[])`
    },
  }
}
export type Builds = ReturnType<typeof openBuilds>

function understood(thrown: unknown): unknown {
  const error = thrown as { code?: string; detail?: string }
  if (error.code === 'BT040') return new LeaseLost('The lease on this build is lost.', { cause: thrown })
  if (error.code === 'BT041') return new BlobsMissing(missingIn(error.detail))
  return thrown
}

function missingIn(detail: string | undefined): string[] {
  try {
    const parsed = JSON.parse(detail ?? '{}') as { missing?: string[]; details?: { missing?: string[] } }
    return parsed.missing ?? parsed.details?.missing ?? []
  } catch {
    return []
  }
}
