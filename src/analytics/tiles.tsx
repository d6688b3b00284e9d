import type { EscalationMetrics } from '../../supabase/functions/_shared/protocol.ts'
import { percent, timeText } from './figures.ts'

export function Tiles({ metrics }: { metrics: EscalationMetrics }) {
  const { to_claim: claim, to_resolve: resolve, assessment } = metrics
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-line bg-line md:grid-cols-3 xl:grid-cols-6">
      <Tile name="Raised" value={String(metrics.raised)} note={`${metrics.open} not closed yet`} />
      <Tile name="Time to claim" value={timeText(claim.median_s)} note={within(claim.p90_s)} />
      <Tile name="Time to resolve" value={timeText(resolve.median_s)} note={within(resolve.p90_s)} />
      <Tile name="Lapsed" value={percent(metrics.lapse_rate)} note="of the claimed, at least once" />
      <Tile name="Returned" value={percent(metrics.return_rate)} note="of those closed after a claim" />
      <Tile
        name="AI was right"
        value={percent(assessment.share)}
        note={assessment.answered === 0 ? 'nobody has said yet' : `by ${assessment.answered} answers`}
      />
    </dl>
  )
}

const within = (p90: number | null) =>
  p90 === null ? 'none in this time' : `9 of 10 within ${timeText(p90)}`

function Tile({ name, value, note }: { name: string; value: string; note: string }) {
  return (
    <div className="flex flex-col gap-0.5 bg-surface p-3">
      <dt className="text-muted">{name}</dt>
      <dd className="tabular text-xl font-semibold">{value}</dd>
      <dd className="text-xs text-muted">{note}</dd>
    </div>
  )
}
