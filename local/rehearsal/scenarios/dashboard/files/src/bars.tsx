import { useState } from 'react'
import { type Day, euros } from './data'

/** Revenue by day. Point at a bar, or go through them with the tab key, to read its number. */
export function Bars({ days }: { days: Day[] }) {
  const [active, setActive] = useState<string | null>(null)
  const most = Math.max(...days.map(({ revenue }) => revenue))
  const shown = days.find(({ day }) => day === active)

  return (
    <section className="rounded-xl border border-line bg-surface p-5">
      <div className="flex items-baseline justify-between">
        <h2 className="font-medium">Revenue by day</h2>
        <p className="text-sm text-muted tabular-nums" aria-live="polite">
          {shown ? `${shortDate(shown.day)}: ${euros(shown.revenue)}` : `Up to ${euros(most)}`}
        </p>
      </div>
      <div className="mt-5 flex h-48 items-end gap-1">
        {days.map(({ day, revenue }) => (
          <button
            key={day}
            type="button"
            aria-label={`${shortDate(day)}: ${euros(revenue)}`}
            onPointerEnter={() => setActive(day)}
            onPointerLeave={() => setActive(null)}
            onFocus={() => setActive(day)}
            onBlur={() => setActive(null)}
            style={{ height: `${(revenue / most) * 100}%` }}
            className={`min-w-0 flex-1 rounded-t-sm transition-colors ${active === day ? 'bg-accent' : 'bg-accent/45'}`}
          />
        ))}
      </div>
      <div className="mt-2 flex justify-between text-xs text-muted">
        <span>{shortDate(days[0]?.day ?? '')}</span>
        <span>{shortDate(days.at(-1)?.day ?? '')}</span>
      </div>
    </section>
  )
}

const shortDate = (day: string) =>
  day && new Date(`${day}T12:00`).toLocaleDateString(undefined, { day: 'numeric', month: 'short' })
