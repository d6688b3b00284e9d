import { type Day, degrees } from './places'
import { SkyIcon } from './sky-icon'

/** Seven days; the bars share one scale, so that they can be compared. */
export function Forecast({ days }: { days: Day[] }) {
  const lowest = Math.min(...days.map(({ low }) => low))
  const range = Math.max(...days.map(({ high }) => high)) - lowest

  return (
    <ol className="divide-y divide-line">
      {days.map(({ name, sky, low, high, rain }) => (
        <li
          key={name}
          className="grid grid-cols-[3rem_2rem_2.5rem_1fr] items-center gap-2 sm:grid-cols-[4rem_2rem_3.5rem_1fr] sm:gap-4 py-2.5"
        >
          <span className="font-medium">{name}</span>
          <SkyIcon sky={sky} className="size-8" />
          <span className="text-right text-sm text-accent tabular-nums">{rain} %</span>
          <span className="flex min-w-0 items-center gap-2 text-sm tabular-nums">
            <span className="w-9 text-right text-muted">{degrees(low)}</span>
            <span className="relative h-1.5 flex-1 rounded-full bg-line">
              <span
                className="absolute inset-y-0 rounded-full bg-accent"
                style={{
                  left: `${((low - lowest) / range) * 100}%`,
                  right: `${100 - ((high - lowest) / range) * 100}%`,
                }}
              />
            </span>
            <span className="w-9">{degrees(high)}</span>
          </span>
        </li>
      ))}
    </ol>
  )
}
