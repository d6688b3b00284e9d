/** The drawing of the page: one leaf, turned and repeated. */
export function Leaf({ className = '' }: { className?: string }) {
  return (
    <svg viewBox="-40 0 280 200" className={className} fill="none" aria-hidden>
      {[-64, -38, -12, 14, 40].map((angle, index) => (
        <g
          key={angle}
          transform={`rotate(${angle} 100 190)`}
          className={index % 2 ? 'text-accent/70' : 'text-accent'}
        >
          <path d="M100 190C62 130 66 62 100 14c34 48 38 116 0 176Z" fill="currentColor" />
          <path d="M100 186V34" className="stroke-canvas" strokeWidth="1.5" />
          <path
            d="M100 70l16-14M100 70L84 56M100 98l20-17M100 98L80 81M100 126l18-15M100 126l-18-15"
            className="stroke-canvas"
            strokeWidth="1.5"
            strokeLinecap="round"
          />
        </g>
      ))}
    </svg>
  )
}
