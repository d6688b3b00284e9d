import { money } from '../chat/money.ts'
import { durationText, lasted } from '../ui/duration.ts'

/** Nothing, of what has not begun. */
export function tookText(
  { started_at, ended_at }: { started_at: string | null; ended_at: string | null },
  now: number,
): string | null {
  const ms = lasted(started_at, ended_at, now)
  return ms === null ? null : durationText(ms)
}

/** "950", "1.2k", "3.40M". */
export function tokensOf(count: number): string {
  if (count < 1_000) return String(count)
  return count < 1_000_000 ? `${(count / 1_000).toFixed(1)}k` : `${(count / 1_000_000).toFixed(2)}M`
}

/** Of some models the price is not known, which is not nothing. */
export function costOf(usd: number | null, isPartial = false): string {
  if (usd === null || (usd === 0 && isPartial)) return 'cost not known'
  return isPartial ? `at least ${money(usd)}` : money(usd)
}
