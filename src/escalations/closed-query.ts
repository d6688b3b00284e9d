import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query'
import { rpc } from '../rpc.ts'

export function closedQuery(teamId: string, search: string) {
  return infiniteQueryOptions({
    queryKey: ['team', teamId, 'closed-escalations', search],
    queryFn: ({ pageParam, signal }) =>
      rpc(
        'read_escalations',
        {
          team_id: teamId,
          states: ['resolved', 'returned', 'cancelled'],
          search: search || null,
          before: pageParam,
          max_rows: 50,
        },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  })
}
