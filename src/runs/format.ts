import { money } from '../chat/money.ts'

/** "0.8 s", "42 s", "3 min 05 s", "1 h 02 min". */
export function durationOf(from: string | null, to: string | null, now: number): string | null {
  if (from === null) return null
  const ms = Math.max((to === null ? now : Date.parse(to)) - Date.parse(from), 0)
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 10_000) return `${(ms / 1_000).toFixed(1)} s`
  const seconds = Math.floor(ms / 1_000)
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`
  return `${Math.floor(seconds / 3_600)} h ${two(Math.floor(seconds / 60) % 60)} min`
}

const two = (number: number) => String(number).padStart(2, '0')

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
