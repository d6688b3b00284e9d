import type { MetricsRow } from '../../supabase/functions/_shared/protocol.ts'
import { timeText } from './figures.ts'
import { Numbers } from './numbers.tsx'
import { Panel } from './panel.tsx'

/** Around the clock: when help is asked for, and when it takes long to come. */
export function ByHour({ rows }: { rows: MetricsRow[] }) {
  const hours = Array.from({ length: 24 }, (_, hour) => ({
    hour,
    row: rows.find(({ key }) => Number(key) === hour),
  }))
  const most = Math.max(...rows.map(({ raised }) => raised), 1)
  return (
    <Panel title="By hour of the day" hint="in your time zone">
      <ol className="flex h-32 items-end gap-0.5" aria-hidden>
        {hours.map(({ hour, row }) => (
          <li
            key={hour}
            className="flex h-full min-w-0 flex-1 flex-col justify-end gap-1"
            title={sentence(hour, row)}
          >
            <span
              className="rounded-t-sm bg-muted"
              style={{ height: `${((row?.raised ?? 0) / most) * 100}%` }}
            />
            <span className="tabular h-4 text-center text-2xs text-muted">{hour % 6 === 0 ? hour : ''}</span>
          </li>
        ))}
      </ol>
      <Numbers of="by hour">
        <thead>
          <tr>
            <th scope="col">Hour</th>
            <th scope="col">Raised</th>
            <th scope="col">Claim, median</th>
          </tr>
        </thead>
        <tbody>
          {hours.map(({ hour, row }) => (
            <tr key={hour}>
              <th scope="row">{`${hour}:00`}</th>
              <td>{row?.raised ?? 0}</td>
              <td>{timeText(row?.to_claim.median_s ?? null)}</td>
            </tr>
          ))}
        </tbody>
      </Numbers>
    </Panel>
  )
}

const sentence = (hour: number, row: MetricsRow | undefined) =>
  `${hour}:00 to ${hour + 1}:00: ${row?.raised ?? 0} raised, claimed after ${timeText(row?.to_claim.median_s ?? null)}`
