type Props = { done: number; goal: number; onChange: (goal: number) => void }

/** The rounds of a day as dots: the filled ones are done. */
export function Goal({ done, goal, onChange }: Props) {
  return (
    <section aria-label={`${done} of ${goal} rounds done`} className="flex items-center justify-center gap-3">
      <button
        type="button"
        onClick={() => onChange(Math.max(1, goal - 1))}
        aria-label="One round less"
        className="size-7 rounded-full border border-line text-muted hover:text-ink"
      >
        −
      </button>
      <div className="flex flex-wrap gap-1.5">
        {Array.from({ length: goal }, (_, round) => `round ${round + 1}`).map((round, index) => (
          <span key={round} className={`size-3 rounded-full ${index < done ? 'bg-accent' : 'bg-line'}`} />
        ))}
      </div>
      <button
        type="button"
        onClick={() => onChange(Math.min(16, goal + 1))}
        aria-label="One round more"
        className="size-7 rounded-full border border-line text-muted hover:text-ink"
      >
        +
      </button>
    </section>
  )
}
