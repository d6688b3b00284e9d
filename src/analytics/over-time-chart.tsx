import type { EscalationMetrics } from '../../supabase/functions/_shared/protocol.ts'
import { roundTop, someOf } from './scale.ts'

const WIDTH = 720
const HEIGHT = 200
const LEFT = 32
const BOTTOM = 22
const TOP = 8

type Point = EscalationMetrics['over_time'][number]

/** Bars for what came and what went, a line for what was waiting. The table below it says the same to everybody. */
export function OverTimeChart({ points, step }: { points: Point[]; step: EscalationMetrics['step'] }) {
  const top = roundTop(
    Math.max(...points.flatMap(({ raised, closed, backlog }) => [raised, closed, backlog]), 0),
  )
  const y = (value: number) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top)
  const slot = (WIDTH - LEFT) / Math.max(points.length, 1)
  const x = (index: number) => LEFT + slot * index
  const bar = Math.min(10, Math.max(1, slot * 0.36))
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      className="h-auto w-full min-w-160"
      role="img"
      aria-label="Escalations raised, closed and waiting over time"
    >
      {[0, top / 2, top].map((value) => (
        <g key={value}>
          <line x1={LEFT} x2={WIDTH} y1={y(value)} y2={y(value)} className="stroke-line" />
          <text x={LEFT - 6} y={y(value) + 4} textAnchor="end" className="tabular fill-muted text-2xs">
            {value}
          </text>
        </g>
      ))}
      {points.map((point, index) => (
        <g key={point.at}>
          <title>{sentence(point, step)}</title>
          <rect
            x={x(index)}
            y={TOP}
            width={slot}
            height={HEIGHT - TOP - BOTTOM}
            className="fill-transparent hover:fill-hover"
          />
          <Bar
            x={x(index) + slot / 2 - bar}
            y={y(point.raised)}
            width={bar - 0.5}
            foot={y(0)}
            look="fill-muted"
          />
          <Bar
            x={x(index) + slot / 2 + 0.5}
            y={y(point.closed)}
            width={bar - 0.5}
            foot={y(0)}
            look="fill-line-strong/50"
          />
        </g>
      ))}
      <polyline
        points={points.map(({ backlog }, index) => `${x(index) + slot / 2},${y(backlog)}`).join(' ')}
        className="pointer-events-none fill-none stroke-need"
        strokeWidth={2}
        strokeLinejoin="round"
      />
      {someOf(points.length, 7).map((index) => (
        <text
          key={index}
          x={index === points.length - 1 ? WIDTH : x(index) + slot / 2}
          y={HEIGHT - 6}
          textAnchor={index === points.length - 1 ? 'end' : 'middle'}
          className="fill-muted text-2xs"
        >
          {label(points[index]!.at, step)}
        </text>
      ))}
    </svg>
  )
}

type BarProps = { x: number; y: number; width: number; foot: number; look: string }

const Bar = ({ x, y, width, foot, look }: BarProps) => (
  <rect
    x={x}
    y={y}
    width={Math.max(width, 0.5)}
    height={foot - y}
    rx={1}
    className={`pointer-events-none ${look}`}
  />
)

export function Legend() {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted">
      <li className="flex items-center gap-1.5">
        <span className="size-2.5 rounded-sm bg-muted" aria-hidden /> raised
      </li>
      <li className="flex items-center gap-1.5">
        <span className="size-2.5 rounded-sm bg-line-strong/50" aria-hidden /> closed
      </li>
      <li className="flex items-center gap-1.5">
        <span className="h-0.5 w-3 bg-need" aria-hidden /> waiting or claimed at the end
      </li>
    </ul>
  )
}

/** The point stands at the end of its step; people name a day by its beginning. */
export function label(at: string, step: EscalationMetrics['step']): string {
  const moment = new Date(Date.parse(at) - 1)
  return step === 'hour' ? HOUR.format(moment) : DAY.format(moment)
}

const sentence = ({ at, raised, closed, backlog }: Point, step: EscalationMetrics['step']) =>
  `${step === 'week' ? 'Week to ' : ''}${label(at, step)}: ${raised} raised, ${closed} closed, ${backlog} left`

const DAY = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const HOUR = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
