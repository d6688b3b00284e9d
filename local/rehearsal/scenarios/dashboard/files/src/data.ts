export type Day = { day: string; visits: number; orders: number; revenue: number }
export type Product = { name: string; sold: number; revenue: number; change: number }

/** Thirty days that look like a shop: quiet Sundays, slow growth, and the same numbers at every start. */
export const DAYS: Day[] = Array.from({ length: 30 }, (_, index) => {
  const date = new Date(Date.UTC(2026, 8, 1 + index))
  const season = [0.62, 1, 1.04, 1.1, 1.16, 1.3, 0.85][date.getUTCDay()] ?? 1
  const wave = 1 + 0.08 * Math.sin(index * 1.7) + index * 0.009
  const visits = Math.round(1180 * season * wave)
  const orders = Math.round(visits * (0.034 + 0.006 * Math.sin(index * 0.9)))
  return {
    day: date.toISOString().slice(0, 10),
    visits,
    orders,
    revenue: Math.round(orders * (41 + (index % 5) * 1.5)),
  }
})

export const PRODUCTS: Product[] = [
  { name: 'Enamel mug', sold: 214, revenue: 3852, change: 0.12 },
  { name: 'Canvas bag', sold: 187, revenue: 5423, change: -0.04 },
  { name: 'Linen towel', sold: 163, revenue: 3749, change: 0.21 },
  { name: 'Wool blanket', sold: 88, revenue: 7832, change: 0.08 },
  { name: 'Beeswax candle', sold: 71, revenue: 1207, change: -0.17 },
]

export const sum = (days: Day[], key: 'visits' | 'orders' | 'revenue') =>
  days.reduce((total, day) => total + day[key], 0)

export const euros = (amount: number) =>
  amount.toLocaleString(undefined, { style: 'currency', currency: 'EUR', maximumFractionDigits: 0 })
export const whole = (number: number) => number.toLocaleString()
export const percent = (share: number) =>
  share.toLocaleString(undefined, { style: 'percent', maximumFractionDigits: 1 })
