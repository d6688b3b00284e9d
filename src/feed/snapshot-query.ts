import { queryOptions, skipToken } from '@tanstack/react-query'
import type { FeedSpec, Sequenced } from './feed.ts'

/**
 * How a component reads what the feed keeps: `useQuery({ ...snapshotQuery(spec), select })`. A fold already leaves
 * untouched parts the same, so comparing the whole snapshot again would only cost time.
 */
export function snapshotQuery<Snapshot extends Sequenced>(spec: FeedSpec<Snapshot>) {
  return queryOptions<Snapshot>({
    queryKey: spec.queryKey,
    queryFn: skipToken,
    staleTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
  })
}
