export type Habit = { id: string; name: string; days: string[] }

export const dayOf = (date: Date) => date.toLocaleDateString('sv')

/** The last seven days, today last. */
export function lastWeek(today = new Date()): Date[] {
  return Array.from({ length: 7 }, (_, index) => daysBefore(today, 6 - index))
}

/** How many days in a row, up to today, or to yesterday if today is still open. */
export function streakOf(habit: Habit, today = new Date()): number {
  const done = new Set(habit.days)
  const start = done.has(dayOf(today)) ? 0 : 1
  let streak = 0
  while (done.has(dayOf(daysBefore(today, start + streak)))) streak++
  return streak
}

export function daysBefore(date: Date, days: number): Date {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() - days, 12)
}

const past = (...ago: number[]) => ago.map((days) => dayOf(daysBefore(new Date(), days)))

export const EXAMPLES: Habit[] = [
  { id: 'a', name: 'Read ten pages', days: past(1, 2, 3, 4, 6) },
  { id: 'b', name: 'Walk outside', days: past(0, 1, 2, 5) },
  { id: 'c', name: 'No phone after ten', days: past(2, 3) },
]
