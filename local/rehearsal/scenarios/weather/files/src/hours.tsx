import { degrees, type Place } from './places'

/** The day as a curve: cool in the morning, warmest in the afternoon. */
export function Hours({ place }: { place: Place }) {
  const { low = 0, high = 0 } = place.days[0] ?? {}
  const hours = Array.from({ length: 8 }, (_, index) => {
    const hour = index * 3
    const warmth = (1 - Math.cos(((hour - 3) / 24) * 2 * Math.PI)) / 2
    return { hour, warmth, temperature: low + (high - low) * warmth }
  })

  return (
    <ol aria-label="Today by hour" className="mt-8 flex h-28 items-end gap-1">
      {hours.map(({ hour, warmth, temperature }) => (
        <li
          key={hour}
          className="flex h-full min-w-0 flex-1 flex-col items-center justify-end gap-1 text-xs text-muted"
        >
          <span className="tabular-nums">{degrees(temperature)}</span>
          <span className="w-full rounded-t bg-accent/40" style={{ height: `${15 + warmth * 55}%` }} />
          <span className="tabular-nums">{hour}</span>
        </li>
      ))}
    </ol>
  )
}
