import { queryOptions } from '@tanstack/react-query'
import { type BatonError, toBatonError } from '../errors.ts'
import { supabase } from '../supabase.ts'

/** What no event carries, read from its row when somebody looks. Neither changes once it is there. */
export const requestQuery = (turnId: string) => rowQuery('turns', turnId, 'request_hash, request_meta')
export const inputQuery = (toolCallId: string) => rowQuery('tool_calls', toolCallId, 'input')

function rowQuery(table: 'turns' | 'tool_calls', id: string, columns: string) {
  return queryOptions<Record<string, unknown>, BatonError>({
    queryKey: ['row', table, id],
    queryFn: async ({ signal }) => {
      const { data, error, status } = await supabase
        .from(table)
        .select(columns)
        .eq('id', id)
        .abortSignal(signal)
        .maybeSingle()
      if (error) throw toBatonError({ ...error, message: error.message, status })
      if (!data) throw toBatonError({ code: 'BT003', message: 'This row is not there any more.' })
      return data as unknown as Record<string, unknown>
    },
    staleTime: Number.POSITIVE_INFINITY,
    networkMode: 'always',
  })
}
