import { CircleAlert, CircleCheck, CircleDot, MessageSquare, Type } from 'lucide-react'
import { useState } from 'react'
import type { StuckSnapshot, TriedStep } from '../../supabase/functions/_shared/protocol.ts'
import { Button } from '../ui/button.tsx'
import { LineByModel } from './said-by-model.tsx'
import { Section } from './section.tsx'

const SHORT = 12

/** What was tried, oldest first, the end of it at first: that is where it got stuck. */
export function Timeline({ snapshot: { tried, steps } }: { snapshot: StuckSnapshot }) {
  const [isWhole, setIsWhole] = useState(false)
  const shown = isWhole ? tried : tried.slice(-SHORT)
  const earlier = tried.length - shown.length
  return (
    <Section title="What was tried" note={`${steps} ${steps === 1 ? 'step' : 'steps'}`} className="order-3">
      {tried.length === 0 && (
        <p className="text-muted">Nothing yet: help was asked for before the run began.</p>
      )}
      {earlier > 0 && (
        <Button look="quiet" className="mb-1" onClick={() => setIsWhole(true)}>
          Show {earlier} earlier
        </Button>
      )}
      <ol className="flex flex-col">
        {shown.map((step, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: it never changes
          <Step key={index} step={step} />
        ))}
      </ol>
      {isWhole && steps > tried.length && (
        <p className="mt-1 text-xs text-muted">
          The {steps - tried.length} steps before these are in the chat.
        </p>
      )}
    </Section>
  )
}

function Step({ step }: { step: TriedStep }) {
  const { kind, name, text, duration_ms, author } = step
  return (
    <li className="flex items-baseline gap-2.5 border-l border-line py-1 pl-3">
      <Glyph step={step} />
      <span className="line-clamp-3 min-w-0 flex-1 wrap-anywhere">
        {kind === 'tool' && <span className="mr-1.5 font-mono text-xs">{name}</span>}
        {kind === 'message' && <span className="mr-1.5 font-medium">{author ?? 'Somebody'}:</span>}
        <span className={kind === 'text' || kind === 'message' ? undefined : 'text-muted'}>
          {kind === 'text' ? <LineByModel text={text} /> : text}
        </span>
      </span>
      {duration_ms !== null && (
        <span className="tabular shrink-0 font-mono text-xs text-muted">{seconds(duration_ms)}</span>
      )}
    </li>
  )
}

function Glyph({ step: { kind, state } }: { step: TriedStep }) {
  const look = 'size-3.5 shrink-0 translate-y-0.5'
  if (kind === 'message') return <MessageSquare className={`${look} text-muted`} aria-label="Message" />
  if (kind === 'text') return <Type className={`${look} text-muted`} aria-label="Said" />
  if (kind === 'notice' || state === 'error' || state === 'cancelled')
    return <CircleAlert className={`${look} text-bad-text`} aria-label={state ?? 'Notice'} />
  if (state === 'complete') return <CircleCheck className={`${look} text-muted`} aria-label="Complete" />
  return <CircleDot className={`${look} text-live-text`} aria-label={state ?? 'Step'} />
}

const seconds = (ms: number) => (ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`)
