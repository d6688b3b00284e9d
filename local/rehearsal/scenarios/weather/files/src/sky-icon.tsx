import type { Sky } from './places'

const CLOUD = 'M16 40a9 9 0 0 1 1-18 13 13 0 0 1 25-2 10 10 0 0 1 3 20Z'

export function SkyIcon({ sky, className = '' }: { sky: Sky; className?: string }) {
  return (
    <svg
      viewBox="0 0 60 60"
      className={className}
      fill="none"
      strokeWidth="3"
      strokeLinecap="round"
      role="img"
      aria-label={sky}
    >
      {sky === 'clear' ? (
        <g stroke="oklch(0.78 0.15 80)">
          <circle cx="30" cy="30" r="11" fill="oklch(0.85 0.15 85)" />
          {[0, 45, 90, 135, 180, 225, 270, 315].map((angle) => (
            <path key={angle} d="M30 9v4" transform={`rotate(${angle} 30 30)`} />
          ))}
        </g>
      ) : (
        <>
          <path
            d={CLOUD}
            className="fill-muted/30 stroke-muted"
            transform={sky === 'cloudy' ? 'translate(0 4)' : ''}
          />
          {sky === 'rain' && <path d="M20 47l-3 7M31 47l-3 7M42 47l-3 7" className="stroke-accent" />}
          {sky === 'snow' && (
            <path
              d="M18 50h.1M30 50h.1M42 50h.1M24 56h.1M36 56h.1"
              strokeWidth="5"
              className="stroke-accent"
            />
          )}
        </>
      )}
    </svg>
  )
}
