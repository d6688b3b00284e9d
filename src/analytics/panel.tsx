import { type ReactNode, useId } from 'react'

type PanelProps = { title: string; hint?: string; aside?: ReactNode; children: ReactNode }

export function Panel({ title, hint, aside, children }: PanelProps) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="flex min-w-0 flex-col gap-3">
      <div className="flex min-h-8 items-center justify-between gap-4">
        <h2 id={id} className="flex flex-wrap items-baseline gap-x-2 font-semibold">
          {title}
          {hint && <span className="text-xs font-normal text-muted">{hint}</span>}
        </h2>
        {aside}
      </div>
      {children}
    </section>
  )
}
