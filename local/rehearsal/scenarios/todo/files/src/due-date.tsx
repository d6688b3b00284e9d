const DAY = 24 * 60 * 60 * 1000

/** The date of a task, said as people say it, and a field to change it. */
export function DueDate({ value, onChange }: { value: string | undefined; onChange: (due: string) => void }) {
  const days = value ? daysUntil(value) : null
  return (
    <label className="relative shrink-0 text-xs">
      <span
        className={`rounded-md px-2 py-1 ${days !== null && days < 0 ? 'text-danger' : 'text-muted'} ${value ? 'bg-canvas' : ''}`}
      >
        {days === null ? 'Set date' : inWords(days, value ?? '')}
      </span>
      <input
        type="date"
        value={value ?? ''}
        onChange={(event) => onChange(event.target.value)}
        aria-label="Due date"
        className="absolute inset-0 cursor-pointer opacity-0 focus-visible:opacity-100"
      />
    </label>
  )
}

function daysUntil(date: string): number {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number)
  const today = new Date()
  today.setHours(0, 0, 0, 0)
  return Math.round((new Date(year, month - 1, day).getTime() - today.getTime()) / DAY)
}

function inWords(days: number, date: string): string {
  if (days === 0) return 'Today'
  if (days === 1) return 'Tomorrow'
  if (days === -1) return 'Yesterday'
  if (days < 0) return `${-days} days late`
  return new Date(`${date}T12:00`).toLocaleDateString(undefined, { day: 'numeric', month: 'short' })
}
