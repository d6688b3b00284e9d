import { type FormEvent, useState } from 'react'
import { dayOf, EXAMPLES, type Habit, lastWeek } from './days'
import { HabitRow } from './habit-row'
import { useStored } from './use-stored'

export default function App() {
  const [habits, setHabits] = useStored<Habit[]>('habits', EXAMPLES)
  const [name, setName] = useState('')
  const week = lastWeek()
  const today = dayOf(new Date())
  const done = habits.filter(({ days }) => days.includes(today)).length

  function toggle(id: string, day: string) {
    setHabits((all) =>
      all.map((habit) => {
        if (habit.id !== id) return habit
        const without = habit.days.filter((other) => other !== day)
        return { ...habit, days: without.length < habit.days.length ? without : [...without, day] }
      }),
    )
  }

  function add(event: FormEvent) {
    event.preventDefault()
    if (name.trim()) setHabits((all) => [...all, { id: crypto.randomUUID(), name: name.trim(), days: [] }])
    setName('')
  }

  return (
    <main className="mx-auto max-w-2xl px-5 py-12">
      <title>Streaks</title>
      <header className="mb-6 flex items-end justify-between">
        <div>
          <h1 className="text-3xl font-semibold tracking-tight">Streaks</h1>
          <p className="mt-1 text-muted" aria-live="polite">
            {habits.length > 0 && done === habits.length
              ? 'All done for today'
              : `${done} of ${habits.length} done today`}
          </p>
        </div>
        <ol className="hidden gap-1.5 pr-4 text-center text-xs text-muted sm:flex">
          {week.map((date) => (
            <li key={dayOf(date)} className="w-10">
              {date.toLocaleDateString(undefined, { weekday: 'short' })}
            </li>
          ))}
        </ol>
      </header>

      <ul className="space-y-3">
        {habits.map((habit) => (
          <HabitRow
            key={habit.id}
            habit={habit}
            week={week}
            onToggle={(day) => toggle(habit.id, day)}
            onRemove={() => setHabits((all) => all.filter(({ id }) => id !== habit.id))}
          />
        ))}
      </ul>

      <form onSubmit={add} className="mt-4 flex gap-2">
        <input
          value={name}
          onChange={(event) => setName(event.target.value)}
          aria-label="New habit"
          placeholder="A habit, small enough to keep"
          className="h-12 min-w-0 flex-1 rounded-2xl border border-line border-dashed px-4 placeholder:text-muted"
        />
        <button type="submit" className="h-12 rounded-2xl bg-accent px-6 font-medium text-on-accent">
          Add
        </button>
      </form>
    </main>
  )
}
