export const CATEGORIES = ['Food', 'Home', 'Transport', 'Fun', 'Health'] as const
export type Category = (typeof CATEGORIES)[number]
export type Spending = { id: string; what: string; cents: number; category: Category; day: string }

export const COLOURS: Record<Category, string> = {
  Food: 'oklch(0.68 0.14 155)',
  Home: 'oklch(0.64 0.13 250)',
  Transport: 'oklch(0.75 0.14 85)',
  Fun: 'oklch(0.66 0.17 330)',
  Health: 'oklch(0.66 0.16 25)',
}

const today = () => new Date().toLocaleDateString('sv')

export const EXAMPLES: Spending[] = [
  { id: 'a', what: 'Rent', cents: 78000, category: 'Home', day: today() },
  { id: 'b', what: 'Groceries', cents: 6420, category: 'Food', day: today() },
  { id: 'c', what: 'Monthly ticket', cents: 4900, category: 'Transport', day: today() },
  { id: 'd', what: 'Concert', cents: 3800, category: 'Fun', day: today() },
  { id: 'e', what: 'Lunch with Ada', cents: 2350, category: 'Food', day: today() },
  { id: 'f', what: 'Glasses', cents: 12900, category: 'Health', day: today() },
]

export const money = (cents: number) =>
  (cents / 100).toLocaleString(undefined, { style: 'currency', currency: 'EUR' })

export const totalOf = (spendings: Spending[]) => spendings.reduce((sum, { cents }) => sum + cents, 0)

/** What people type, as cents: "12", "12.5" and "12,50" are all fine. */
export function centsFrom(text: string): number | null {
  const cents = Math.round(Number(text.trim().replace(',', '.')) * 100)
  return text.trim() !== '' && Number.isFinite(cents) && cents > 0 ? cents : null
}

export function byCategory(spendings: Spending[]) {
  return CATEGORIES.map((category) => ({
    category,
    cents: totalOf(spendings.filter((spending) => spending.category === category)),
  })).filter(({ cents }) => cents > 0)
}
