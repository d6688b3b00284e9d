/** The record of all builds of a project, live, with what a person wants to see of it. */
import type {
  BatonEvent,
  Build,
  BuildError,
  DeploymentKind,
  EventPage,
} from '../../supabase/functions/_shared/protocol.ts'
import { toBatonError } from '../errors.ts'
import type { FeedSpec } from '../feed/index.ts'
import { supabase } from '../supabase.ts'

export const FILTERS = ['all', 'preview', 'production', 'failed'] as const
export type BuildFilter = (typeof FILTERS)[number]

export type BuildList = { seq: number; builds: Build[]; more: boolean }

const PAGE = 50
const COLUMNS =
  'id, project_id, kind, state, trigger, version, changed_at, checkpoint_id, run_id, chat_id, requested_by, attempts, reason, errors, duration_ms, size, deployment_id, created_at, started_at, ended_at'

export function buildListFeed(projectId: string, filter: BuildFilter): FeedSpec<BuildList> {
  const topic: BatonEvent['topic'] = `project:${projectId}`
  return {
    topic,
    queryKey: ['builds', projectId, filter],
    async load(signal) {
      // The place in the log is read before the rows: what is in both is applied twice, which changes nothing.
      const seq = await headOf(topic, signal)
      return { seq, ...(await fetchBuilds(projectId, filter, null, signal)) }
    },
    apply: (list, event) => applyBuildListEvent(list, event, filter),
  }
}

export function applyBuildListEvent(list: BuildList, event: BatonEvent, filter: BuildFilter): BuildList {
  if (event.kind !== 'build.changed') return list
  const build = event.payload
  const others = list.builds.filter(({ id }) => id !== build.id)
  if (!isWanted(build, filter))
    return others.length === list.builds.length ? list : { ...list, builds: others }
  const oldest = list.builds.at(-1)
  if (others.length === list.builds.length && list.more && oldest && build.created_at < oldest.created_at)
    return list
  const builds = [build, ...others].sort((one, other) => (one.created_at < other.created_at ? 1 : -1))
  return { ...list, builds }
}

function isWanted({ kind, state }: Build, filter: BuildFilter): boolean {
  if (state === 'superseded') return false
  return filter === 'all' || (filter === 'failed' ? state === 'failed' : kind === filter)
}

async function headOf(topic: string, signal: AbortSignal): Promise<number> {
  const { data, error, status } = await supabase
    .rpc('read_events', { topic, after_seq: Number.MAX_SAFE_INTEGER, max_events: 1 })
    .abortSignal(signal)
  if (error) throw toBatonError({ ...error, message: error.message, status })
  return (data as EventPage).head
}

type Row = Omit<Build, 'errors' | 'error_count' | 'type_error_count'> & { errors: BuildError[] }

export async function fetchBuilds(
  projectId: string,
  filter: BuildFilter,
  before: string | null,
  signal: AbortSignal,
): Promise<Omit<BuildList, 'seq'>> {
  let wanted = supabase.from('builds').select(COLUMNS).eq('project_id', projectId).neq('state', 'superseded')
  if (filter === 'failed') wanted = wanted.eq('state', 'failed')
  else if (filter !== 'all') wanted = wanted.eq('kind', filter satisfies DeploymentKind)
  if (before) wanted = wanted.lt('created_at', before)
  const { data, error, status } = await wanted
    .order('created_at', { ascending: false })
    .limit(PAGE)
    .abortSignal(signal)
  if (error) throw toBatonError({ ...error, message: error.message, status })
  const rows = data as unknown as Row[]
  return { builds: rows.map(asTold), more: rows.length === PAGE }
}

/** Rows as the events tell them. */
function asTold(row: Row): Build {
  return {
    ...row,
    version: Number(row.version),
    size: row.size === null ? null : Number(row.size),
    errors: row.errors.slice(0, 20),
    error_count: row.errors.length,
    type_error_count: null,
  }
}
