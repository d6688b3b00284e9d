import type { ReactNode } from 'react'
import type { Escalation, StuckSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { money } from '../chat/money.ts'
import { durationText } from '../ui/duration.ts'
import { Section } from './section.tsx'
import { CONFIDENCE_NAMES } from './words.ts'

const NUMBER = new Intl.NumberFormat('en', { notation: 'compact' })

export function StuckFacts({ snapshot, escalation }: { snapshot: StuckSnapshot; escalation: Escalation }) {
  return (
    <Section title="So far" className="order-5">
      <dl className="grid grid-cols-[8rem_1fr] gap-y-1.5 rounded-lg border border-line p-3">
        <Fact name="Run">
          {snapshot.run_state ?? 'none'}
          {escalation.holds_run && ', waits for this'}
        </Fact>
        <Fact name="Worked for">{durationText(snapshot.duration_ms)}</Fact>
        <Fact name="Turns">{snapshot.turns}</Fact>
        <Fact name="Tokens">
          {NUMBER.format(snapshot.input_tokens)} in, {NUMBER.format(snapshot.output_tokens)} out
        </Fact>
        <Fact name="Cost">
          {snapshot.cost_is_partial && 'at least '}
          {money(snapshot.cost_usd)}
        </Fact>
        <Fact name="To go on alone">{CONFIDENCE_NAMES[snapshot.confidence].toLowerCase()}</Fact>
        {escalation.refusals > 0 && <Fact name="Came too late">{escalation.refusals}</Fact>}
        {escalation.lapses > 0 && <Fact name="Lapsed">{escalation.lapses} times</Fact>}
      </dl>
    </Section>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="tabular min-w-0 wrap-anywhere">{children}</dd>
    </>
  )
}
