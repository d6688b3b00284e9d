export const FILTERS = ['All', 'Open', 'Done'] as const
export type Filter = (typeof FILTERS)[number]

export function FilterBar({ value, onChange }: { value: Filter; onChange: (filter: Filter) => void }) {
  return (
    <fieldset className="mt-4 flex gap-1 rounded-xl border border-line bg-surface p-1">
      <legend className="sr-only">Which tasks to show</legend>
      {FILTERS.map((filter) => (
        <button
          key={filter}
          type="button"
          aria-pressed={filter === value}
          onClick={() => onChange(filter)}
          className={`h-9 flex-1 rounded-lg text-sm font-medium transition-colors ${
            filter === value ? 'bg-accent text-on-accent' : 'text-muted hover:text-ink'
          }`}
        >
          {filter}
        </button>
      ))}
    </fieldset>
  )
}
