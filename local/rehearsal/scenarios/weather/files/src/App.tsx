import { Forecast } from './forecast'
import { degrees, PLACES } from './places'
import { SkyIcon } from './sky-icon'
import { useStored } from './use-stored'

export default function App() {
  const [name, setName] = useStored('place', PLACES[0]?.name ?? '')
  const place = PLACES.find((one) => one.name === name) ?? PLACES[0]

  return (
    <main className="mx-auto max-w-xl px-5 py-12">
      <title>Skies</title>
      <h1 className="text-lg font-semibold tracking-tight">Skies</h1>

      <div role="tablist" aria-label="Places" className="mt-5 flex flex-wrap gap-2">
        {PLACES.map((one) => (
          <button
            key={one.name}
            type="button"
            role="tab"
            aria-selected={one === place}
            onClick={() => setName(one.name)}
            className="rounded-full border border-line px-4 py-1.5 text-sm text-muted aria-selected:border-accent aria-selected:bg-accent aria-selected:text-on-accent"
          >
            {one.name}
          </button>
        ))}
      </div>

      {place && (
        <section
          aria-label={place.name}
          className="mt-5 rounded-3xl border border-line bg-surface p-6 sm:p-8"
        >
          <div className="flex items-center justify-between">
            <div>
              <h2 className="text-muted">{place.name}</h2>
              <p className="mt-1 text-7xl font-light tracking-tighter tabular-nums">{degrees(place.now)}</p>
              <p className="mt-2">{place.words}</p>
            </div>
            <SkyIcon sky={place.sky} className="size-28" />
          </div>
          <div className="mt-8">
            <Forecast days={place.days} />
          </div>
        </section>
      )}
      <p className="mt-4 text-center text-xs text-muted">These are examples, not a forecast.</p>
    </main>
  )
}
