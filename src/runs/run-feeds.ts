import type { BatonEvent, EventPage, Run } from '../../supabase/functions/_shared/protocol.ts'
import { toBatonError } from '../errors.ts'
import type { FeedSpec } from '../feed/index.ts'
import { rpc } from '../rpc.ts'
import { supabase } from '../supabase.ts'
import { applyRunEvent, applyRunListEvent, type RunList, type RunState } from './run-changes.ts'

const PAGE = 50

/** The newest runs of a project, followed in the channel that the project has anyway. */
export function runListFeed(projectId: string): FeedSpec<RunList> {
  const topic: BatonEvent['topic'] = `project:${projectId}`
  return {
    topic,
    queryKey: ['runs', projectId],
    async load(signal) {
      // The place in the log is read before the rows: what is in both is applied twice, which changes nothing.
      const seq = await headOf(topic, signal)
      return { seq, ...(await fetchRuns(projectId, null, signal)) }
    },
    apply: applyRunListEvent,
  }
}

export function runFeed(projectId: string, runId: string): FeedSpec<RunState> {
  return {
    topic: `project:${projectId}`,
    queryKey: ['run', runId],
    load: (signal) => rpc('run_snapshot', { run_id: runId }, signal),
    apply: applyRunEvent,
  }
}

async function headOf(topic: string, signal: AbortSignal): Promise<number> {
  const { data, error, status } = await supabase
    .rpc('read_events', { topic, after_seq: Number.MAX_SAFE_INTEGER, max_events: 1 })
    .abortSignal(signal)
  if (error) throw toBatonError({ ...error, message: error.message, status })
  return (data as EventPage).head
}

export async function fetchRuns(projectId: string, before: string | null, signal: AbortSignal) {
  const all = supabase.from('runs').select('*, stages(*)').eq('project_id', projectId)
  const { data, error, status } = await (before ? all.lt('created_at', before) : all)
    .order('created_at', { ascending: false })
    .limit(PAGE)
    .abortSignal(signal)
  if (error) throw toBatonError({ ...error, message: error.message, status })
  const runs = (data as Run[]).map(asTold)
  return { runs, more: runs.length === PAGE }
}

/** Rows as the events tell them: numbers are numbers, stages are in order. */
function asTold(run: Run): Run {
  return {
    ...run,
    cost_usd: Number(run.cost_usd),
    input_tokens: Number(run.input_tokens),
    output_tokens: Number(run.output_tokens),
    stages: run.stages.toSorted((one, other) => one.position - other.position),
  }
}
