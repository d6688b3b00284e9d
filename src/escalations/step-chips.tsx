import { Lightbulb, X } from 'lucide-react'
import type { Escalation } from '../../supabase/functions/_shared/protocol.ts'
import { rpc } from '../rpc.ts'
import { Button } from '../ui/button.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { useDeed } from './handling.ts'
import { useEscalationIfLoaded, useFollowEscalation } from './one.ts'

/** What the AI would try next. A click fills the composer, and sends nothing; the first message or X puts them away. */
export function StepChips({ escalation, onFill }: { escalation: Escalation; onFill(text: string): void }) {
  const { team_id, id } = escalation
  useFollowEscalation(team_id, id)
  const steps = useEscalationIfLoaded(team_id, id)?.assessment.steps ?? []
  const dismiss = useDeed('The suggestions were not put away.')
  if (steps.length === 0 || dismiss.isSuccess) return null
  return (
    <div className="flex items-center gap-2">
      <ul aria-label="Suggested steps" className="flex min-w-0 flex-1 gap-1.5 overflow-x-auto p-0.5">
        {steps.map(({ title, prompt }) => (
          <li key={title} className="shrink-0">
            <Button title={prompt} onClick={() => onFill(prompt)}>
              <Lightbulb className="size-3.5 text-muted" aria-hidden />
              <span className="max-w-64 truncate">{title}</span>
            </Button>
          </li>
        ))}
      </ul>
      <IconButton
        label="Put the suggested steps away"
        onClick={() => dismiss.mutate(() => rpc('dismiss_steps', { escalation_id: id }))}
      >
        <X className="size-4" aria-hidden />
      </IconButton>
    </div>
  )
}
