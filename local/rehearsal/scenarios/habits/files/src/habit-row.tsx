import { dayOf, type Habit, streakOf } from './days'

type Props = { habit: Habit; week: Date[]; onToggle: (day: string) => void; onRemove: () => void }

export function HabitRow({ habit, week, onToggle, onRemove }: Props) {
  const streak = streakOf(habit)
  return (
    <li className="group rounded-2xl border border-line bg-surface p-4 sm:flex sm:items-center sm:gap-4">
      <div className="flex min-w-0 flex-1 items-baseline justify-between gap-3 sm:block">
        <h2 className="truncate font-medium">{habit.name}</h2>
        <p className="flex shrink-0 gap-3 text-sm whitespace-nowrap text-muted">
          <span>{streak === 0 ? 'Begin today' : `${streak} in a row`}</span>
          <button
            type="button"
            onClick={onRemove}
            aria-label={`Delete ${habit.name}`}
            className="opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 hover:text-danger"
          >
            Delete
          </button>
        </p>
      </div>
      <ul className="mt-3 grid grid-cols-7 gap-1.5 sm:mt-0">
        {week.map((date) => {
          const day = dayOf(date)
          const isDone = habit.days.includes(day)
          return (
            <li key={day}>
              <button
                type="button"
                aria-pressed={isDone}
                aria-label={`${habit.name}, ${date.toLocaleDateString(undefined, { weekday: 'long' })}`}
                onClick={() => onToggle(day)}
                className={`grid aspect-square w-full place-items-center rounded-lg transition-colors sm:size-10 ${
                  isDone ? 'bg-accent text-on-accent' : 'bg-ink/5 hover:bg-ink/10'
                }`}
              >
                <svg
                  viewBox="0 0 16 16"
                  className={`size-4 ${isDone ? '' : 'opacity-0'}`}
                  fill="none"
                  stroke="currentColor"
                  strokeWidth="2"
                  aria-hidden
                >
                  <path d="M3 8.5l3.5 3.5L13 4.5" strokeLinecap="round" strokeLinejoin="round" />
                </svg>
              </button>
            </li>
          )
        })}
      </ul>
    </li>
  )
}
