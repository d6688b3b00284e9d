import { AddSpending } from './add-spending'
import { Chart } from './chart'
import { COLOURS, EXAMPLES, money, type Spending } from './spending'
import { useStored } from './use-stored'

export default function App() {
  const [spendings, setSpendings] = useStored<Spending[]>('spendings', EXAMPLES)
  const month = new Date().toLocaleDateString('sv').slice(0, 7)
  const thisMonth = spendings.filter(({ day }) => day.startsWith(month))
  const shown = thisMonth

  return (
    <main className="mx-auto max-w-2xl px-5 py-10">
      <title>Spendings</title>
      <header className="mb-6 flex items-end justify-between gap-4">
        <h1 className="text-2xl font-semibold tracking-tight">Spendings</h1>
        <p className="text-sm text-muted">
          {new Date().toLocaleDateString(undefined, { month: 'long', year: 'numeric' })}
        </p>
      </header>

      <Chart spendings={thisMonth} />
      <AddSpending
        onAdd={(spending) => setSpendings((all) => [{ ...spending, id: crypto.randomUUID() }, ...all])}
      />

      <ul className="mt-6 divide-y divide-line rounded-2xl border border-line bg-surface">
        {shown.map((spending) => (
          <li key={spending.id} className="flex items-center gap-3 px-4 py-3">
            <span
              className="size-2.5 shrink-0 rounded-full"
              style={{ background: COLOURS[spending.category] }}
            />
            <span className="min-w-0 flex-1 truncate">{spending.what}</span>
            <span className="hidden text-sm text-muted sm:inline">{spending.category}</span>
            <span className="w-24 text-right font-medium tabular-nums">{money(spending.cents)}</span>
            <button
              type="button"
              onClick={() => setSpendings((all) => all.filter(({ id }) => id !== spending.id))}
              aria-label={`Delete ${spending.what}`}
              className="grid size-7 place-items-center rounded-md text-muted hover:text-danger"
            >
              <svg
                viewBox="0 0 16 16"
                className="size-4"
                fill="none"
                stroke="currentColor"
                strokeWidth="1.5"
                aria-hidden
              >
                <path d="M4 4l8 8M12 4l-8 8" strokeLinecap="round" />
              </svg>
            </button>
          </li>
        ))}
        {shown.length === 0 && <li className="px-4 py-8 text-center text-muted">Nothing to show.</li>}
      </ul>
    </main>
  )
}
