/** What one tool call did to the files: each with its content before and after. */
import { queryOptions } from '@tanstack/react-query'
import { type BatonError, toBatonError } from '../errors.ts'
import { supabase } from '../supabase.ts'

export type CallChange = { path: string; before: string | null; after: string | null }

type Row = { version: number; op: string; path: string; from_path: string | null; hash: string | null }

export function callChangesQuery(projectId: string, callId: string) {
  return queryOptions<CallChange[], BatonError>({
    queryKey: ['call changes', projectId, callId],
    queryFn: async ({ signal }) => {
      const made = await read(
        supabase
          .from('file_operations')
          .select('version, op, path, from_path, hash')
          .eq('project_id', projectId)
          .eq('tool_call_id', callId)
          .order('version')
          .limit(20)
          .abortSignal(signal),
      )
      return await Promise.all(made.map((row) => changeOf(projectId, row, signal)))
    },
    staleTime: Number.POSITIVE_INFINITY,
    networkMode: 'always',
    retry: 2,
  })
}

async function changeOf(projectId: string, row: Row, signal: AbortSignal): Promise<CallChange> {
  const { op, path, from_path, hash, version } = row
  const [last] = await read(
    supabase
      .from('file_operations')
      .select('version, op, path, from_path, hash')
      .eq('project_id', projectId)
      .eq('path', from_path ?? path)
      .lt('version', version)
      .order('version', { ascending: false })
      .limit(1)
      .abortSignal(signal),
  )
  const before = last && last.op !== 'delete' ? last.hash : null
  return { path, before, after: op === 'delete' ? null : hash }
}

type Answer = PromiseLike<{ data: Row[] | null; error: { message: string } | null; status: number }>

async function read(query: Answer): Promise<Row[]> {
  const { data, error, status } = await query
  if (error) throw toBatonError({ ...error, message: error.message, status })
  return data ?? []
}
