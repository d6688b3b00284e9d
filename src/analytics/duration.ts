const UNITS: [string, number][] = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
]

/** "48 s", "3 min 20 s", "2 h 5 min", "3 d 4 h": two units at most, as people say it. */
export function duration(seconds: number | null): string {
  if (seconds === null) return '–'
  const whole = Math.round(seconds)
  const at = UNITS.findIndex(([, size]) => whole >= size)
  const unit = UNITS[at]
  if (!unit) return `${whole} s`
  const [name, size] = unit
  const [nextName, nextSize] = UNITS[at + 1] ?? ['s', 1]
  const rest = Math.floor((whole % size) / nextSize)
  const first = `${Math.floor(whole / size)} ${name}`
  return rest === 0 ? first : `${first} ${rest} ${nextName}`
}

export const percent = (share: number | null): string =>
  share === null ? '–' : `${Math.round(share * 100)} %`
