/** One baton, two hands: the half that works, and the half that is held out to a person. */
export function Logo({ className = 'size-6' }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" className={className} aria-hidden="true">
      <path
        d="M3.4 20.6 a2.6 2.6 0 0 1 0 -3.7 L10.2 10.1 13.9 13.8 7.1 20.6 a2.6 2.6 0 0 1 -3.7 0Z"
        fill="var(--live)"
      />
      <path
        d="M20.6 3.4 a2.6 2.6 0 0 0 -3.7 0 L11.2 9.1 14.9 12.8 20.6 7.1 a2.6 2.6 0 0 0 0 -3.7Z"
        fill="var(--need)"
      />
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
