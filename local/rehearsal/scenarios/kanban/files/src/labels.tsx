export const LABELS = ['none', 'idea', 'bug', 'urgent'] as const
export type Label = (typeof LABELS)[number]

const STYLES: Record<Label, string> = {
  none: 'border-line text-muted',
  idea: 'border-transparent bg-sky-500/15 text-[color:light-dark(var(--color-sky-800),var(--color-sky-300))]',
  bug: 'border-transparent bg-amber-500/20 text-[color:light-dark(var(--color-amber-900),var(--color-amber-200))]',
  urgent:
    'border-transparent bg-rose-500/15 text-[color:light-dark(var(--color-rose-800),var(--color-rose-300))]',
}

/** Shows the label of a card; each click takes the next one. */
export function LabelButton({ value, onChange }: { value: Label; onChange: (label: Label) => void }) {
  const next = LABELS[(LABELS.indexOf(value) + 1) % LABELS.length] ?? 'none'
  return (
    <button
      type="button"
      onClick={() => onChange(next)}
      aria-label={`Label: ${value}. Change it to ${next}.`}
      className={`mt-2 rounded-full border px-2 py-0.5 text-xs font-medium ${STYLES[value]}`}
    >
      {value === 'none' ? '+ label' : value}
    </button>
  )
}
