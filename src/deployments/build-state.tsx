import { Ban, CircleAlert, CircleCheck, CircleDashed, CircleSlash } from 'lucide-react'
import type { Build, BuildState } from '../../supabase/functions/_shared/protocol.ts'
import { Badge } from '../ui/badge.tsx'
import { Spinner } from '../ui/spinner.tsx'

const LOOKS: Record<BuildState, { label: string; tone: 'plain' | 'live' | 'bad'; icon: typeof Ban | null }> =
  {
    pending: { label: 'Waits', tone: 'live', icon: CircleDashed },
    running: { label: 'Builds', tone: 'live', icon: null },
    succeeded: { label: 'Built', tone: 'plain', icon: CircleCheck },
    failed: { label: 'Failed', tone: 'bad', icon: CircleAlert },
    superseded: { label: 'Superseded', tone: 'plain', icon: CircleSlash },
    cancelled: { label: 'Cancelled', tone: 'plain', icon: Ban },
  }

export function BuildStateBadge({ build: { state } }: { build: Pick<Build, 'state'> }) {
  const { label, tone, icon: Glyph } = LOOKS[state]
  return (
    <Badge tone={tone}>
      {Glyph ? <Glyph className="size-3.5" aria-hidden /> : <Spinner className="size-3.5" />}
      {label}
    </Badge>
  )
}
