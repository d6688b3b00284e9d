type Props = { value: number; onChange: (servings: number) => void }

export function Servings({ value, onChange }: Props) {
  const button = 'size-8 rounded-full border border-line text-muted hover:border-accent hover:text-ink'
  return (
    <fieldset className="mt-4 flex items-center gap-3">
      <legend className="sr-only">For how many</legend>
      <button
        type="button"
        onClick={() => onChange(Math.max(1, value - 1))}
        aria-label="One fewer"
        className={button}
      >
        −
      </button>
      <span aria-live="polite" className="tabular-nums">
        for {value}
      </span>
      <button
        type="button"
        onClick={() => onChange(Math.min(24, value + 1))}
        aria-label="One more"
        className={button}
      >
        +
      </button>
    </fieldset>
  )
}
