import type { EscalationMetrics, MetricsRow, Spread } from '../../supabase/functions/_shared/protocol.ts'

type Cell = string | number | null

const COLUMNS = [
  'group',
  'name',
  'raised',
  'claimed',
  'resolved',
  'returned',
  'cancelled',
  'lapsed',
  'claim median s',
  'claim p90 s',
  'resolve median s',
  'resolve p90 s',
]

/** One table for all groups, so that a spreadsheet can filter it. */
export function groupsAsCsv(metrics: EscalationMetrics): string {
  const groups: [string, MetricsRow[]][] = [
    ['person', metrics.by_person],
    ['cause', metrics.by_cause],
    ['project', metrics.by_project],
    ['hour', metrics.by_hour],
    ['raised by', metrics.by_source],
  ]
  return toCsv([COLUMNS, ...groups.flatMap(([group, rows]) => rows.map((row) => cells(group, row)))])
}

export function timeAsCsv(metrics: EscalationMetrics): string {
  const points = metrics.over_time.map(({ at, raised, closed, backlog }) => [at, raised, closed, backlog])
  return toCsv([[`end of ${metrics.step}`, 'raised', 'closed', 'backlog'], ...points])
}

function cells(group: string, row: MetricsRow): Cell[] {
  const counts = [row.raised, row.claimed, row.resolved, row.returned, row.cancelled, row.lapsed]
  return [group, row.label, ...counts, ...spread(row.to_claim), ...spread(row.to_resolve)]
}

const spread = ({ median_s, p90_s }: Spread): Cell[] => [median_s, p90_s]

const toCsv = (rows: Cell[][]) => rows.map((row) => `${row.map(quoted).join(',')}\r\n`).join('')

/** A leading sign would make a spreadsheet take the text for a formula. */
function quoted(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  const harmless = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
