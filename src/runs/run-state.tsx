import { Ban, CircleAlert, CircleCheck, CircleDashed, CirclePause } from 'lucide-react'
import type { RunState } from '../../supabase/functions/_shared/protocol.ts'
import { Badge } from '../ui/badge.tsx'
import { Spinner } from '../ui/spinner.tsx'

const LOOKS: Record<
  RunState,
  { label: string; tone: 'plain' | 'live' | 'need' | 'bad'; icon: typeof Ban | null }
> = {
  queued: { label: 'Queued', tone: 'live', icon: CircleDashed },
  running: { label: 'Running', tone: 'live', icon: null },
  waiting: { label: 'Waits for a person', tone: 'need', icon: CirclePause },
  completed: { label: 'Completed', tone: 'plain', icon: CircleCheck },
  failed: { label: 'Failed', tone: 'bad', icon: CircleAlert },
  stopped: { label: 'Stopped', tone: 'plain', icon: Ban },
}

export function RunStateBadge({ state }: { state: RunState }) {
  const { label, tone, icon: Glyph } = LOOKS[state]
  return (
    <Badge tone={tone}>
      {Glyph ? <Glyph className="size-3.5" aria-hidden /> : <Spinner className="size-3.5" />}
      {label}
    </Badge>
  )
}
