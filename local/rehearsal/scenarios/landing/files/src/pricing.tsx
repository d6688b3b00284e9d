const PLANS = [
  {
    name: 'Sprout',
    price: 12,
    text: 'One small plant each season.',
    points: ['Pot included', 'Plant doctor'],
  },
  {
    name: 'Fern',
    price: 24,
    text: 'One large plant each season.',
    points: ['Pot included', 'Plant doctor', 'Free replacement'],
    best: true,
  },
  {
    name: 'Jungle',
    price: 49,
    text: 'Three plants each season.',
    points: ['Pots included', 'Plant doctor', 'Free replacement', 'A visit each spring'],
  },
]

export function Pricing() {
  return (
    <section id="prices" className="mx-auto max-w-6xl px-6 py-20">
      <h2 className="text-3xl font-semibold tracking-tight">Prices</h2>
      <p className="mt-2 text-muted">By the month. Pause or end it whenever you like.</p>
      <ul className="mt-10 grid gap-5 md:grid-cols-3">
        {PLANS.map((plan) => (
          <li
            key={plan.name}
            className={`rounded-2xl border bg-surface p-7 ${plan.best ? 'border-accent ring-1 ring-accent' : 'border-line'}`}
          >
            <h3 className="flex items-baseline justify-between font-semibold">
              {plan.name}
              {plan.best && <span className="text-xs font-medium text-accent">Most people</span>}
            </h3>
            <p className="mt-4 text-4xl font-semibold tabular-nums">
              €{plan.price}
              <span className="text-base font-normal text-muted"> a month</span>
            </p>
            <p className="mt-3 text-muted">{plan.text}</p>
            <ul className="mt-5 space-y-1.5 text-sm">
              {plan.points.map((point) => (
                <li key={point}>– {point}</li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </section>
  )
}
