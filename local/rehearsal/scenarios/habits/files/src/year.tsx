import { dayOf, daysBefore, type Habit } from './days'

const WEEKS = 26

/** Half a year as a field of squares, the darker the more was done on that day. */
export function Year({ habits }: { habits: Habit[] }) {
  const today = new Date()
  const days = Array.from({ length: WEEKS * 7 }, (_, index) => daysBefore(today, WEEKS * 7 - 1 - index))
  const total = habits.reduce((sum, { days }) => sum + days.length, 0)

  return (
    <section className="mt-10">
      <h2 className="text-sm text-muted">{total} times in half a year</h2>
      <div className="mt-3 grid grid-flow-col grid-rows-7 gap-1">
        {days.map((date) => {
          const day = dayOf(date)
          const done = habits.filter((habit) => habit.days.includes(day)).length
          return (
            <span
              key={day}
              title={`${date.toLocaleDateString()}: ${done}`}
              style={{ opacity: done === 0 ? 1 : 0.3 + (0.7 * done) / habits.length }}
              className={`aspect-square rounded-xs ${done === 0 ? 'bg-ink/8' : 'bg-accent'}`}
            />
          )
        })}
      </div>
    </section>
  )
}
