import { event } from './event'
import { Ornament } from './ornament'
import { Reply } from './reply'

export default function App() {
  const date = new Date(event.date)
  const facts = [
    { label: 'When', value: date.toLocaleString(undefined, { dateStyle: 'full', timeStyle: 'short' }) },
    { label: 'Where', value: `${event.place}, ${event.address}` },
    { label: 'What to wear', value: event.wear },
  ]

  return (
    <main>
      <title>{event.title}</title>
      <header className="mx-auto flex max-w-2xl flex-col items-center px-6 py-20 text-center sm:py-28">
        <Ornament className="w-56" />
        <p className="mt-10 text-muted">You are invited to</p>
        <h1 className="mt-3 text-5xl leading-tight text-balance sm:text-7xl">{event.title}</h1>
        <p className="mt-6 max-w-md text-lg text-muted text-pretty">{event.line}</p>
      </header>

      <dl className="mx-auto grid max-w-4xl gap-8 border-line border-y px-6 py-12 text-center sm:grid-cols-3">
        {facts.map(({ label, value }) => (
          <div key={label}>
            <dt className="text-sm text-accent">{label}</dt>
            <dd className="mt-2 text-lg text-balance">{value}</dd>
          </div>
        ))}
      </dl>

      <Reply />
    </main>
  )
}
