import { Sparkles } from 'lucide-react'

export function Home() {
  return (
    <main className="grid min-h-dvh place-items-center px-6 py-16 text-center">
      <div className="flex max-w-md flex-col items-center gap-5">
        <span className="grid size-14 place-items-center rounded-2xl bg-accent text-on-accent shadow-lg shadow-accent/25">
          <Sparkles className="size-7" aria-hidden="true" />
        </span>
        <h1 className="text-balance text-4xl font-semibold tracking-tight">Your app begins here</h1>
        <p className="text-pretty text-lg text-muted">
          Say in the chat what you would like to have, and watch it grow.
        </p>
      </div>
    </main>
  )
}
