import { Bars } from './bars'
import { DAYS, euros, percent, sum, whole } from './data'
import { Figure } from './figure'
import { Products } from './products'

export default function App() {
  const days = DAYS
  const half = Math.floor(days.length / 2)
  const grown = (key: 'visits' | 'orders' | 'revenue') =>
    sum(days.slice(half), key) / sum(days.slice(0, half), key) - 1

  return (
    <main className="mx-auto max-w-6xl space-y-5 px-5 py-8">
      <title>Pulse</title>
      <header className="flex flex-wrap items-center justify-between gap-3">
        <h1 className="text-2xl font-semibold tracking-tight">Pulse</h1>
        <p className="text-sm text-muted">September 2026</p>
      </header>

      <div className="grid gap-5 sm:grid-cols-2 lg:grid-cols-4">
        <Figure
          label="Revenue"
          value={euros(sum(days, 'revenue'))}
          change={grown('revenue')}
          points={days.map(({ revenue }) => revenue)}
        />
        <Figure
          label="Orders"
          value={whole(sum(days, 'orders'))}
          change={grown('orders')}
          points={days.map(({ orders }) => orders)}
        />
        <Figure
          label="Visits"
          value={whole(sum(days, 'visits'))}
          change={grown('visits')}
          points={days.map(({ visits }) => visits)}
        />
        <Figure
          label="Visits that order"
          value={percent(sum(days, 'orders') / sum(days, 'visits'))}
          change={(1 + grown('orders')) / (1 + grown('visits')) - 1}
          points={days.map(({ orders, visits }) => orders / visits)}
        />
      </div>

      <div className="grid gap-5 lg:grid-cols-[3fr_2fr]">
        <Bars days={days} />
        <Products />
      </div>
    </main>
  )
}
