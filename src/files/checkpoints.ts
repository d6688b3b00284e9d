import { queryOptions } from '@tanstack/react-query'
import { type BatonError, toBatonError } from '../errors.ts'
import { supabase } from '../supabase.ts'
import type { Tree } from './tree-diff.ts'

/** A checkpoint never changes. */
const FOREVER = { staleTime: Number.POSITIVE_INFINITY, networkMode: 'always', retry: 2 } as const

export function treeQuery(checkpointId: string) {
  return queryOptions<Tree, BatonError>({
    queryKey: ['tree', checkpointId],
    queryFn: async ({ signal }) => {
      const { data, error, status } = await supabase
        .from('checkpoints')
        .select('tree')
        .eq('id', checkpointId)
        .abortSignal(signal)
        .maybeSingle()
      if (error) throw toBatonError({ ...error, message: error.message, status })
      if (!data) throw toBatonError({ code: 'BT003', message: 'There is no such checkpoint.' })
      return data.tree as Tree
    },
    ...FOREVER,
  })
}

/** The checkpoint before a version of the files; before the first one there was nothing. */
export function treeBeforeQuery(projectId: string, version: number) {
  return queryOptions<Tree, BatonError>({
    queryKey: ['tree-before', projectId, version],
    queryFn: async ({ signal }) => {
      const { data, error, status } = await supabase
        .from('checkpoints')
        .select('tree')
        .eq('project_id', projectId)
        .lt('version', version)
        .order('version', { ascending: false })
        .limit(1)
        .abortSignal(signal)
        .maybeSingle()
      if (error) throw toBatonError({ ...error, message: error.message, status })
      return (data?.tree ?? {}) as Tree
    },
    ...FOREVER,
  })
}
