import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { rpc } from '../rpc.ts'
import { type AnalyticsSearch, spanOf } from './period.ts'

/** Figures over everything there was, so they are computed by the database, and asked for again while they are looked at. */
export function metricsQuery(teamId: string, search: AnalyticsSearch) {
  return queryOptions({
    queryKey: ['team', teamId, 'escalation-metrics', search],
    queryFn: ({ signal }) => {
      const { from, to } = spanOf(search, new Date())
      return rpc(
        'escalation_metrics',
        {
          team_id: teamId,
          from: from.toISOString(),
          to: to.toISOString(),
          person: search.person ?? null,
          cause: search.cause ?? null,
          project_id: search.project ?? null,
          time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        },
        signal,
      )
    },
    staleTime: 5_000,
    refetchInterval: 15_000,
    placeholderData: keepPreviousData,
  })
}
