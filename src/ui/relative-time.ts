const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]

/** "just now", "5 minutes ago", "in 6 days": how far `at` is from `now`, both in milliseconds. */
export function relativeTime(at: number, now: number, locale = 'en'): string {
  const seconds = (at - now) / 1000
  const unit = UNITS.find(([, size]) => Math.abs(seconds) >= size)
  if (!unit) return seconds > 5 ? 'in less than a minute' : 'just now'
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  return format.format(Math.trunc(seconds / unit[1]), unit[0])
}
