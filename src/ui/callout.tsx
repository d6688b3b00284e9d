import { CircleAlert, Info } from 'lucide-react'
import type { ReactNode } from 'react'
import { classes } from './classes.ts'

type Tone = 'plain' | 'need' | 'bad'

const TONES: Record<Tone, string> = {
  plain: 'bg-sunken text-text',
  need: 'bg-need-soft text-need-text',
  bad: 'bg-bad-soft text-bad-text',
}

type CalloutProps = { tone?: Tone; children: ReactNode; action?: ReactNode; className?: string }

/** Bad news interrupts a screen reader; anything else waits its turn. */
export function Callout({ tone = 'plain', children, action, className }: CalloutProps) {
  const Glyph = tone === 'plain' ? Info : CircleAlert
  return (
    <div
      role={tone === 'bad' ? 'alert' : 'status'}
      className={classes('flex items-start gap-2.5 rounded-md px-3 py-2.5', TONES[tone], className)}
    >
      <Glyph className="mt-0.5 size-4 shrink-0" aria-hidden />
      <div className="min-w-0 flex-1 wrap-anywhere">{children}</div>
      {action}
    </div>
  )
}
