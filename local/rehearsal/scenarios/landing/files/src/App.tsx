import { brand, FEATURES, QUOTE } from './content'
import { Hero } from './hero'

export default function App() {
  return (
    <>
      <title>{brand}</title>
      <header className="mx-auto flex max-w-6xl items-center justify-between px-6 py-5">
        <a href="/" className="text-lg font-semibold tracking-tight">
          {brand}
        </a>
        <nav aria-label="Main" className="flex gap-6 text-sm text-muted">
          <a href="#how" className="hover:text-ink">
            How it works
          </a>
          <a href="#start" className="hover:text-ink">
            Start
          </a>
        </nav>
      </header>

      <main>
        <Hero />

        <section id="how" className="border-line border-y bg-surface">
          <div className="mx-auto grid max-w-6xl gap-10 px-6 py-20 md:grid-cols-3">
            {FEATURES.map((feature, index) => (
              <article key={feature.title}>
                <p className="text-sm font-medium text-accent tabular-nums">{index + 1}</p>
                <h2 className="mt-2 text-xl font-semibold">{feature.title}</h2>
                <p className="mt-2 text-muted text-pretty">{feature.text}</p>
              </article>
            ))}
          </div>
        </section>

        <figure className="mx-auto max-w-3xl px-6 py-24 text-center">
          <blockquote className="text-2xl leading-snug font-medium text-balance md:text-3xl">
            “{QUOTE.text}”
          </blockquote>
          <figcaption className="mt-6 text-muted">{QUOTE.by}</figcaption>
        </figure>

        <section id="start" className="bg-accent text-on-accent">
          <div className="mx-auto flex max-w-6xl flex-col items-start gap-6 px-6 py-16 md:flex-row md:items-center md:justify-between">
            <h2 className="text-3xl font-semibold tracking-tight">Which way do your windows face?</h2>
            <div className="flex flex-wrap gap-2">
              {['North', 'East', 'South', 'West'].map((side) => (
                <a
                  key={side}
                  href={`#${side.toLowerCase()}`}
                  className="rounded-full border border-current px-5 py-2.5"
                >
                  {side}
                </a>
              ))}
            </div>
          </div>
        </section>
      </main>

      <footer className="mx-auto max-w-6xl px-6 py-10 text-sm text-muted">
        © {new Date().getFullYear()} {brand}. Made with water and light.
      </footer>
    </>
  )
}
