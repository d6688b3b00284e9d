import type { BuildLogLine } from '../../supabase/functions/_shared/protocol.ts'
import { classes } from '../ui/classes.ts'

const TONES: Record<BuildLogLine['level'], string> = {
  info: '',
  warn: 'font-medium',
  error: 'text-bad-text',
}

export function BuildLog({ lines }: { lines: readonly BuildLogLine[] }) {
  if (lines.length === 0) return <p className="text-muted">The builder had nothing to say.</p>
  return (
    <ol
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what is wider than its box is scrolled with the keyboard
      tabIndex={0}
      aria-label="Log"
      className="overflow-x-auto rounded-md bg-sunken px-3 py-2 font-mono text-xs"
    >
      {lines.map(({ at_ms, level, text }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines are only added
        <li key={index} className={classes('flex gap-3 whitespace-pre', TONES[level])}>
          <span className="tabular w-14 shrink-0 text-right text-faint select-none">
            {Math.round(at_ms)} ms
          </span>
          <span>{text}</span>
        </li>
      ))}
    </ol>
  )
}
