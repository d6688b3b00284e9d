import type { Mention } from '../../supabase/functions/_shared/protocol.ts'
import { useUserId } from '../session/user.ts'
import { classes } from '../ui/classes.ts'
import { partsOf } from './mentions.ts'

/** A text that people wrote, with those whom it names marked, oneself most. */
export function Said({ text, mentions }: { text: string; mentions: readonly Mention[] }) {
  const self = useUserId()
  if (mentions.length === 0) return text
  return partsOf(text, mentions).map(({ text: part, userId }, index) =>
    userId === null ? (
      part
    ) : (
      <span
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text, in their order
        key={index}
        data-mention={userId}
        className={classes(
          'rounded-sm px-0.5 font-medium',
          userId === self ? 'bg-need-soft text-need-text' : 'bg-hover',
        )}
      >
        {part}
      </span>
    ),
  )
}

export function mentionsOf(data: Record<string, unknown>): Mention[] {
  return Array.isArray(data.mentions) ? (data.mentions as Mention[]) : []
}
