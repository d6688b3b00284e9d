import { brand } from './content'
import { Leaf } from './leaf'

export function Hero() {
  return (
    <section className="mx-auto grid max-w-6xl items-center gap-10 px-6 py-16 md:grid-cols-2 md:py-28">
      <div>
        <p className="text-sm font-medium text-accent">House plants, by subscription</p>
        <h1 className="mt-3 text-5xl leading-[1.05] font-semibold tracking-tight text-balance md:text-6xl">
          A room that is alive
        </h1>
        <p className="mt-6 max-w-md text-lg text-muted text-pretty">
          {brand} brings you a plant each season that suits your rooms, and somebody to ask when a leaf turns
          yellow.
        </p>
        <div className="mt-9 flex flex-wrap gap-3">
          <a href="#start" className="rounded-full bg-accent px-7 py-3.5 font-medium text-on-accent">
            Find your first plant
          </a>
          <a
            href="#how"
            className="rounded-full border border-line px-7 py-3.5 font-medium hover:border-accent"
          >
            How it works
          </a>
        </div>
      </div>
      <Leaf className="mx-auto w-full max-w-md" />
    </section>
  )
}
