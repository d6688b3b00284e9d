/** A garland of small leaves, drawn along a curve. */
export function Ornament({ className = '' }: { className?: string }) {
  return (
    <svg viewBox="0 0 240 40" className={className} fill="none" aria-hidden>
      <path d="M10 12 Q120 58 230 12" className="stroke-accent" strokeWidth="1" />
      {Array.from({ length: 21 }, (_, index) => {
        const t = (index + 1) / 22
        const x = 10 + 220 * t
        const y = 12 + 92 * t * (1 - t)
        return (
          <ellipse
            key={x}
            cx={x}
            cy={y}
            rx="5.5"
            ry="2.2"
            transform={`rotate(${(index % 2 ? -42 : 42) + (t - 0.5) * -40} ${x} ${y}) translate(5 0)`}
            className="fill-accent"
          />
        )
      })}
    </svg>
  )
}
