/** Two hands on one baton: the half that works, and the half that is held out to a person. */
export function Logo({ className = 'size-6' }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" className={className} aria-hidden>
      <g strokeWidth="6" strokeLinecap="round" fill="none">
        <path d="M13.7 10.3 18.5 5.5" stroke="var(--need)" />
        <path d="M5.5 18.5 10.3 13.7" stroke="var(--live)" />
      </g>
      <path d="M10 10 14 14" stroke="var(--foreground)" strokeWidth="2" strokeLinecap="round" />
    </svg>
  )
}

export function Wordmark() {
  return (
    <span className="inline-flex items-center gap-2">
      <Logo />
      <span className="text-lg font-semibold tracking-tight">Baton</span>
    </span>
  )
}
