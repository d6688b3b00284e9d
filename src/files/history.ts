/** The trail of one file, newest first. Where it was renamed, the trail goes on under the name before. */
import { queryOptions } from '@tanstack/react-query'
import { type BatonError, toBatonError } from '../errors.ts'
import { supabase } from '../supabase.ts'

export type Operation = {
  version: number
  op: 'write' | 'delete' | 'move'
  path: string
  from_path: string | null
  hash: string | null
  size: number | null
  user_id: string | null
  run_id: string | null
  tool_call_id: string | null
  checkpoint_id: string | null
  at: string
}

const COLUMNS = 'version, op, path, from_path, hash, size, user_id, run_id, tool_call_id, checkpoint_id, at'
const MOST = 200
const MOST_NAMES = 10

export function historyQuery(projectId: string, path: string, version: number) {
  return queryOptions<Operation[], BatonError>({
    queryKey: ['history', projectId, path, version],
    queryFn: ({ signal }) => fetchHistory(projectId, path, signal),
    placeholderData: (before) => before,
    networkMode: 'always',
    retry: 2,
  })
}

async function fetchHistory(projectId: string, path: string, signal: AbortSignal): Promise<Operation[]> {
  const found: Operation[] = []
  let name: string | null = path
  let before = Number.MAX_SAFE_INTEGER
  for (let names = 0; name !== null && names < MOST_NAMES; names += 1) {
    const part: Operation[] = await fetchTrail(projectId, name, before, signal)
    const renamed: number = part.findIndex(({ op }) => op === 'move')
    found.push(...(renamed < 0 ? part : part.slice(0, renamed + 1)))
    name = part[renamed]?.from_path ?? null
    before = part[renamed]?.version ?? before
  }
  return found
}

async function fetchTrail(projectId: string, path: string, before: number, signal: AbortSignal) {
  const { data, error, status } = await supabase
    .from('file_operations')
    .select(COLUMNS)
    .eq('project_id', projectId)
    .eq('path', path)
    .lt('version', before)
    .order('version', { ascending: false })
    .limit(MOST)
    .abortSignal(signal)
  if (error) throw toBatonError({ ...error, message: error.message, status })
  return data as Operation[]
}

/** What a run did to the files, in its order. */
export function trailOfRunQuery(runId: string, version: number) {
  return queryOptions<Operation[], BatonError>({
    queryKey: ['trail', runId, version],
    queryFn: async ({ signal }) => {
      const { data, error, status } = await supabase
        .from('file_operations')
        .select(COLUMNS)
        .eq('run_id', runId)
        .order('version')
        .limit(1_000)
        .abortSignal(signal)
      if (error) throw toBatonError({ ...error, message: error.message, status })
      return data as Operation[]
    },
    placeholderData: (before) => before,
    networkMode: 'always',
    retry: 2,
  })
}
