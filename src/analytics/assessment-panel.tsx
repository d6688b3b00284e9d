import type { EscalationMetrics } from '../../supabase/functions/_shared/protocol.ts'
import { percent } from './figures.ts'
import { Panel } from './panel.tsx'

export function AssessmentPanel({ assessment }: { assessment: EscalationMetrics['assessment'] }) {
  return (
    <Panel title="Was the AI right?" hint="as those said who resolved it">
      {assessment.answered === 0 ? (
        <p className="rounded-lg border border-line p-3 text-muted">
          Nobody has said so yet. The question is asked when an escalation is resolved.
        </p>
      ) : (
        <dl className="flex flex-col gap-2 rounded-lg border border-line p-3">
          {assessment.by_confidence.map(({ confidence, answered, right }) => (
            <div key={confidence} className="flex items-center gap-3">
              <dt className="w-32 shrink-0 text-muted">It said “{confidence}”</dt>
              <dd className="h-2 flex-1 overflow-hidden rounded-sm bg-sunken" aria-hidden>
                <span
                  className="block h-full bg-muted"
                  style={{ width: `${(right / Math.max(answered, 1)) * 100}%` }}
                />
              </dd>
              <dd className="tabular w-28 shrink-0 text-right">
                {percent(answered === 0 ? null : right / answered)}{' '}
                <span className="text-xs text-muted">
                  {right} of {answered}
                </span>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </Panel>
  )
}
