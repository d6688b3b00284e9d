import { byCategory, COLOURS, money, type Spending, totalOf } from './spending'

const RADIUS = 42
const ROUND = 2 * Math.PI * RADIUS
const GAP = 2

/** A ring with one arc for each category, and the same in words beside it. */
export function Chart({ spendings }: { spendings: Spending[] }) {
  const total = totalOf(spendings)
  const parts = byCategory(spendings)
  let turned = 0

  return (
    <section
      aria-label="By category"
      className="flex flex-col items-center gap-6 rounded-2xl border border-line bg-surface p-6 sm:flex-row"
    >
      <svg viewBox="0 0 100 100" className="size-44 shrink-0 -rotate-90" aria-hidden>
        <circle cx="50" cy="50" r={RADIUS} fill="none" strokeWidth="12" className="stroke-line" />
        {parts.map(({ category, cents }) => {
          const length = (cents / total) * ROUND
          const offset = -turned
          turned += length
          return (
            <circle
              key={category}
              cx="50"
              cy="50"
              r={RADIUS}
              fill="none"
              strokeWidth="12"
              stroke={COLOURS[category]}
              strokeDasharray={`${Math.max(length - GAP, 1)} ${ROUND}`}
              strokeDashoffset={offset}
            />
          )
        })}
        <text
          x="50"
          y="53"
          textAnchor="middle"
          transform="rotate(90 50 50)"
          className="fill-ink text-[9px] font-semibold tabular-nums"
        >
          {money(total)}
        </text>
      </svg>
      <ul className="w-full space-y-2 text-sm">
        {parts.map(({ category, cents }) => (
          <li key={category} className="flex items-center gap-3">
            <span className="size-3 rounded-full" style={{ background: COLOURS[category] }} />
            <span className="flex-1">{category}</span>
            <span className="text-muted tabular-nums">{Math.round((cents / total) * 100)} %</span>
            <span className="w-24 text-right font-medium tabular-nums">{money(cents)}</span>
          </li>
        ))}
        {parts.length === 0 && <li className="text-muted">Nothing was spent yet.</li>}
      </ul>
    </section>
  )
}
