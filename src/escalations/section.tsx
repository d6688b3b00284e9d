import { type ReactNode, useId } from 'react'

type SectionProps = { title: string; note?: ReactNode; className?: string; children: ReactNode }

export function Section({ title, note, className, children }: SectionProps) {
  const id = useId()
  return (
    <section aria-labelledby={id} className={className}>
      <h2 id={id} className="mb-2 flex items-baseline gap-2 font-semibold">
        {title}
        {note && <span className="text-xs font-normal text-muted">{note}</span>}
      </h2>
      {children}
    </section>
  )
}
