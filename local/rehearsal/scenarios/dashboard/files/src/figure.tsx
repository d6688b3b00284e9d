type Props = { label: string; value: string; change: number; points: number[] }

/** One number, whether it grew, and its course in small. */
export function Figure({ label, value, change, points }: Props) {
  const isUp = change >= 0
  return (
    <article className="rounded-xl border border-line bg-surface p-5">
      <h2 className="text-sm text-muted">{label}</h2>
      <p className="mt-1 text-3xl font-semibold tracking-tight tabular-nums">{value}</p>
      <div className="mt-3 flex items-end justify-between gap-4">
        <p className={`text-sm tabular-nums ${isUp ? 'text-accent' : 'text-danger'}`}>
          {isUp ? '▲' : '▼'} {Math.abs(change * 100).toFixed(1)} %
          <span className="sr-only"> {isUp ? 'more' : 'less'}</span>
        </p>
        <svg viewBox="0 0 100 30" preserveAspectRatio="none" className="h-8 w-28 text-accent" aria-hidden>
          <polyline
            points={lineOf(points)}
            fill="none"
            stroke="currentColor"
            strokeWidth="2"
            vectorEffect="non-scaling-stroke"
            strokeLinejoin="round"
          />
        </svg>
      </div>
    </article>
  )
}

function lineOf(points: number[]): string {
  const low = Math.min(...points)
  const range = Math.max(...points) - low || 1
  return points
    .map(
      (point, index) =>
        `${(index / Math.max(1, points.length - 1)) * 100},${28 - ((point - low) / range) * 26}`,
    )
    .join(' ')
}
