import { money, type Spending, totalOf } from './spending'

type Props = { spendings: Spending[]; budget: number; onChange: (cents: number) => void }

/** How much of the month is left, and a slider to change how much there is. */
export function Budget({ spendings, budget, onChange }: Props) {
  const spent = totalOf(spendings)
  const left = budget - spent
  return (
    <section className="mt-4 rounded-2xl border border-line bg-surface p-5">
      <div className="flex justify-between text-sm">
        <h2 className="font-medium">Budget of {money(budget)}</h2>
        <p className={left < 0 ? 'text-danger' : 'text-muted'}>
          {left < 0 ? `${money(-left)} too much` : `${money(left)} left`}
        </p>
      </div>
      <div className="mt-3 h-2 overflow-hidden rounded-full bg-line">
        <div
          className={`h-full rounded-full ${left < 0 ? 'bg-danger' : 'bg-accent'}`}
          style={{ width: `${Math.min(100, (spent / budget) * 100)}%` }}
        />
      </div>
      <input
        type="range"
        min={20000}
        max={400000}
        step={5000}
        value={budget}
        onChange={(event) => onChange(Number(event.target.value))}
        aria-label="Monthly budget"
        className="mt-3 w-full accent-accent"
      />
    </section>
  )
}
