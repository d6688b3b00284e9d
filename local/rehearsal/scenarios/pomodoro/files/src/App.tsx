import { useEffect } from 'react'
import { clock, Dial } from './dial'
import { useStored } from './use-stored'
import { MINUTES, PHASES, type Phase, useTimer } from './use-timer'

export default function App() {
  const [finished, setFinished] = useStored<string[]>('finished', [])
  const today = new Date().toLocaleDateString('sv')
  const rounds = finished.filter((day) => day === today).length
  const timer = useTimer(finish)

  function finish(phase: Phase) {
    if (phase !== 'Focus') return timer.choose('Focus')
    setFinished((days) => [...days, today])
    timer.choose((rounds + 1) % 4 === 0 ? 'Long break' : 'Short break')
  }

  useEffect(() => {
    document.title = timer.isRunning ? `${clock(timer.left)} · ${timer.phase}` : 'Focus'
  }, [timer.isRunning, timer.left, timer.phase])

  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center gap-8 px-5 py-10 text-center">
      <h1 className="text-lg font-semibold tracking-tight">Focus</h1>

      <fieldset className="mx-auto flex gap-1 rounded-full bg-ink/5 p-1">
        <legend className="sr-only">Phase</legend>
        {PHASES.map((phase) => (
          <button
            key={phase}
            type="button"
            aria-pressed={phase === timer.phase}
            onClick={() => timer.choose(phase)}
            className="rounded-full px-4 py-1.5 text-sm text-muted aria-pressed:bg-surface aria-pressed:text-ink aria-pressed:shadow-sm"
          >
            {phase}
          </button>
        ))}
      </fieldset>

      <Dial left={timer.left} total={MINUTES[timer.phase] * 60} />

      <div className="flex justify-center gap-3">
        <button
          type="button"
          onClick={timer.toggle}
          className="h-12 w-36 rounded-full bg-accent font-medium text-on-accent"
        >
          {timer.isRunning ? 'Pause' : 'Start'}
        </button>
        <button
          type="button"
          onClick={timer.reset}
          className="h-12 rounded-full border border-line px-6 text-muted hover:text-ink"
        >
          Reset
        </button>
      </div>

      <p className="text-sm text-muted" aria-live="polite">
        {rounds === 0 ? 'No round finished today' : `${rounds} finished today`}
      </p>
    </main>
  )
}
