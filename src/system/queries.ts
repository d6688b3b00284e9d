import { queryOptions } from '@tanstack/react-query'
import type { About } from '../../supabase/functions/_shared/protocol.ts'
import { config } from '../config.ts'
import { toBatonError } from '../errors.ts'
import { type Health, parseHealth } from './health.ts'
import { parseMetrics, type RouteMetrics } from './metrics.ts'

export const aboutQuery = queryOptions({
  queryKey: ['system', 'about'],
  queryFn: async ({ signal }): Promise<About> => {
    const response = await ask(`${config.apiUrl}/functions/v1/about`, signal)
    if (!response.ok)
      throw toBatonError({ status: response.status, message: 'The function "about" did not answer.' })
    return (await response.json()) as About
  },
  staleTime: 60_000,
  retry: 2,
})

/** The embedded stack tells how it is; null elsewhere, as on hosted Supabase. */
export const healthQuery = queryOptions({
  queryKey: ['system', 'health'],
  queryFn: async ({ signal }): Promise<Health | null> => {
    const response = await ask('/stack/health', signal)
    if (response.status === 502) throw toBatonError({ status: 502 })
    return parseHealth(response.status, await response.text())
  },
  refetchInterval: 3_000,
  retry: false,
})

export const metricsQuery = queryOptions({
  queryKey: ['system', 'metrics'],
  queryFn: async ({ signal }): Promise<RouteMetrics[] | null> => {
    const response = await ask('/stack/metrics', signal)
    return response.ok ? parseMetrics(await response.text()) : null
  },
  refetchInterval: 3_000,
  retry: false,
})

async function ask(url: string, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, { signal })
  } catch (cause) {
    throw toBatonError(cause)
  }
}
