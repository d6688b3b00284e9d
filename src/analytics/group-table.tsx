import type { MetricsRow } from '../../supabase/functions/_shared/protocol.ts'
import { ScrollBox } from '../ui/scroll-box.tsx'
import { timeText } from './figures.ts'
import { Panel } from './panel.tsx'

type GroupTableProps = {
  title: string
  of: string
  rows: MetricsRow[]
  /** What a click on a name does: show that one alone. */
  onChoose?: ((key: string) => void) | undefined
}

export function GroupTable({ title, of, rows, onChoose }: GroupTableProps) {
  const most = Math.max(...rows.map(({ raised }) => raised), 1)
  return (
    <Panel title={title} hint={rows.length > 0 ? 'times are medians' : ''}>
      {rows.length === 0 ? (
        <p className="rounded-lg border border-line p-3 text-muted">None in this time.</p>
      ) : (
        <ScrollBox label={`${title}: table`} className="overflow-x-auto rounded-lg border border-line">
          <table className="tabular w-full">
            <thead className="text-xs whitespace-nowrap text-muted">
              <tr className="border-b border-line *:px-2.5 *:py-2 *:text-right *:font-normal">
                <th scope="col" className="text-left!">
                  {of}
                </th>
                <th scope="col">Raised</th>
                <th scope="col">To claim</th>
                <th scope="col">To resolve</th>
                <th scope="col">Lapsed</th>
                <th scope="col">Returned</th>
              </tr>
            </thead>
            <tbody className="divide-y divide-line">
              {rows.map((row) => (
                <tr key={row.key} className="*:px-2.5 *:py-1.5">
                  <th scope="row" className="relative max-w-56 min-w-32 text-left font-normal">
                    <span
                      aria-hidden
                      className="absolute inset-y-1 left-1 rounded-sm bg-hover"
                      style={{ width: `calc(${(row.raised / most) * 100}% - 8px)` }}
                    />
                    <span className="relative block truncate">
                      <Name row={row} onChoose={onChoose} />
                    </span>
                  </th>
                  <td className="text-right">{row.raised}</td>
                  <td className="text-right whitespace-nowrap">{timeText(row.to_claim.median_s)}</td>
                  <td className="text-right whitespace-nowrap">{timeText(row.to_resolve.median_s)}</td>
                  <td className="text-right">{row.lapsed}</td>
                  <td className="text-right">{row.returned}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      )}
    </Panel>
  )
}

function Name({ row, onChoose }: { row: MetricsRow; onChoose: GroupTableProps['onChoose'] }) {
  if (!onChoose) return row.label
  return (
    <button
      type="button"
      title={`Show ${row.label} alone`}
      className="max-w-full truncate rounded-sm underline-offset-2 hover:underline"
      onClick={() => onChoose(row.key)}
    >
      {row.label}
    </button>
  )
}
