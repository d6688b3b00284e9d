import { type ReactNode, useEffect, useRef } from 'react'
import { focusFirst } from '../ui/focus-first.ts'
import { Wordmark } from '../ui/logo.tsx'
import { usePageTitle } from '../ui/page-title.ts'

/** The frame of every page that is seen before, or instead of, a team. */
export function AuthPage({
  title,
  lead,
  children,
}: {
  title: string
  lead?: ReactNode
  children: ReactNode
}) {
  usePageTitle(title)
  const main = useRef<HTMLElement>(null)
  useEffect(() => focusFirst(main.current), [])
  return (
    <div className="grid min-h-full grid-rows-[1fr_auto_2fr] bg-canvas px-4 py-8">
      <main ref={main} className="row-start-2 mx-auto flex w-full max-w-sm flex-col gap-6">
        <Wordmark />
        <section className="flex flex-col gap-5 rounded-lg border border-line bg-surface p-6">
          <header className="flex flex-col gap-1">
            <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
            {lead && <p className="text-muted wrap-anywhere">{lead}</p>}
          </header>
          {children}
        </section>
      </main>
    </div>
  )
}
