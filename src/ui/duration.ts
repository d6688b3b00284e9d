const UNITS: [name: string, seconds: number][] = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
]

/** "80 ms", "1.3 s", "42 s", "3 min 20 s", "2 h 5 min", "3 d 4 h": two units at most, as people say it. */
export function durationText(ms: number): string {
  if (ms < 1_000) return `${Math.min(Math.round(ms), 999)} ms`
  if (ms < 10_000) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`
  const seconds = Math.floor(ms / 1_000)
  const at = UNITS.findIndex(([, size]) => seconds >= size)
  const [name, size] = UNITS[at]!
  const first = `${Math.floor(seconds / size)} ${name}`
  const [nextName, nextSize] = UNITS[at + 1] ?? ['', Number.POSITIVE_INFINITY]
  const rest = Math.floor((seconds % size) / nextSize)
  return rest === 0 ? first : `${first} ${rest} ${nextName}`
}

/** What has not ended lasts until now; what has not begun lasts nothing. */
export function lasted(from: string | null, to: string | null, now: number): number | null {
  if (from === null) return null
  return Math.max((to === null ? now : Date.parse(to)) - Date.parse(from), 0)
}
