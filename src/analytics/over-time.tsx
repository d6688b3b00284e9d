import { Download } from 'lucide-react'
import type { EscalationMetrics } from '../../supabase/functions/_shared/protocol.ts'
import { download } from '../files/download.ts'
import { Button } from '../ui/button.tsx'
import { ScrollBox } from '../ui/scroll-box.tsx'
import { timeAsCsv } from './csv.ts'
import { Numbers } from './numbers.tsx'
import { Legend, label, OverTimeChart } from './over-time-chart.tsx'
import { Panel } from './panel.tsx'

export function OverTime({ metrics }: { metrics: EscalationMetrics }) {
  const { over_time: points, step } = metrics
  return (
    <Panel
      title="Over time"
      aside={
        <Button look="quiet" onClick={() => download('escalations-over-time.csv', timeAsCsv(metrics))}>
          <Download className="size-4" aria-hidden />
          CSV
        </Button>
      }
    >
      <Legend />
      <ScrollBox fromTheRight label="Chart over time" className="overflow-x-auto">
        <OverTimeChart points={points} step={step} />
      </ScrollBox>
      <Numbers of="over time">
        <thead>
          <tr>
            <th scope="col">{step === 'week' ? 'Week to' : step === 'day' ? 'Day' : 'Hour to'}</th>
            <th scope="col">Raised</th>
            <th scope="col">Closed</th>
            <th scope="col">Left</th>
          </tr>
        </thead>
        <tbody>
          {points.map(({ at, raised, closed, backlog }) => (
            <tr key={at}>
              <th scope="row">{label(at, step)}</th>
              <td>{raised}</td>
              <td>{closed}</td>
              <td>{backlog}</td>
            </tr>
          ))}
        </tbody>
      </Numbers>
    </Panel>
  )
}
