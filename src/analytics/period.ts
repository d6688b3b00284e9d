/** Which escalations the page is about. It lives in the address, so that a link shows the same figures. */
export const PERIODS = { week: 7, month: 30, quarter: 90, year: 365 } as const
export type PeriodName = keyof typeof PERIODS

export type AnalyticsSearch = {
  period?: PeriodName | undefined
  /** Days of the reader's calendar, `to` included; both or neither. They win over `period`. */
  from?: string | undefined
  to?: string | undefined
  person?: string | undefined
  cause?: string | undefined
  project?: string | undefined
}

export function analyticsSearch(search: Record<string, unknown>): AnalyticsSearch {
  const [from, to] = [day(search.from), day(search.to)]
  const isSpan = from !== undefined && to !== undefined && from <= to
  return {
    period: isPeriod(search.period) ? search.period : undefined,
    from: isSpan ? from : undefined,
    to: isSpan ? to : undefined,
    person: text(search.person),
    cause: text(search.cause),
    project: text(search.project),
  }
}

export type Span = { from: Date; to: Date }

/** Whole days, from the first midnight to the one after the last day. */
export function spanOf(search: AnalyticsSearch, now: Date): Span {
  if (search.from && search.to) return { from: midnight(search.from), to: dayAfter(midnight(search.to)) }
  const to = dayAfter(now)
  const from = new Date(to)
  from.setDate(from.getDate() - PERIODS[search.period ?? 'month'])
  return { from, to }
}

export const dayOf = (date: Date): string =>
  `${date.getFullYear()}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())}`

const midnight = (text: string) => new Date(`${text}T00:00`)
const twoDigits = (value: number) => String(value).padStart(2, '0')

function dayAfter(date: Date): Date {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1)
}

const isPeriod = (value: unknown): value is PeriodName => typeof value === 'string' && value in PERIODS

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)

function day(value: unknown): string | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return undefined
  return dayOf(midnight(value)) === value ? value : undefined
}
