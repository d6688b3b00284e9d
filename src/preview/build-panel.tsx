import { useQuery } from '@tanstack/react-query'
import type { Build } from '../../supabase/functions/_shared/protocol.ts'
import { buildFeed } from '../deployments/build-feed.ts'
import { BuildLog } from '../deployments/build-log.tsx'
import { BuildStateBadge } from '../deployments/build-state.tsx'
import { snapshotQuery, useFeed } from '../feed/index.ts'
import { Button } from '../ui/button.tsx'
import { durationText } from '../ui/duration.ts'
import { Skeleton } from '../ui/skeleton.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'

/** The newest build of the preview, with what the builder wrote while it was at it. */
export function BuildPanel({ build, onShow }: { build: Build | null; onShow(buildId: string): void }) {
  if (!build) return <p className="p-4 text-muted">Nothing was built yet.</p>
  return (
    <div className="flex flex-col gap-2 p-3">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-muted">
        <BuildStateBadge build={build} />
        <span className="tabular">version {build.version}</span>
        {build.duration_ms !== null && <span className="tabular">{durationText(build.duration_ms)}</span>}
        <TimeAgo at={build.created_at} />
        <span className="flex-1" />
        <Button look="quiet" className="h-7" onClick={() => onShow(build.id)}>
          All about this build
        </Button>
      </p>
      <LogOf build={build} />
    </div>
  )
}

function LogOf({ build }: { build: Build }) {
  const spec = buildFeed(build)
  useFeed(spec)
  const lines = useQuery(snapshotQuery(spec)).data?.log
  return lines ? <BuildLog lines={lines} /> : <Skeleton className="h-16 w-full" />
}
