const RADIUS = 46
const ROUND = 2 * Math.PI * RADIUS

/** The time that is left, as a ring and as figures. */
export function Dial({ left, total }: { left: number; total: number }) {
  return (
    <div className="relative mx-auto size-72 max-w-full">
      <svg viewBox="0 0 100 100" className="size-full -rotate-90" aria-hidden>
        <circle cx="50" cy="50" r={RADIUS} fill="none" strokeWidth="3" className="stroke-line" />
        <circle
          cx="50"
          cy="50"
          r={RADIUS}
          fill="none"
          strokeWidth="3"
          strokeLinecap="round"
          strokeDasharray={ROUND}
          strokeDashoffset={ROUND * (1 - left / total)}
          className="stroke-accent transition-[stroke-dashoffset] duration-300"
        />
      </svg>
      <p role="timer" className="absolute inset-0 grid place-items-center text-6xl font-light tabular-nums">
        {clock(left)}
      </p>
    </div>
  )
}

export const clock = (seconds: number) =>
  `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
