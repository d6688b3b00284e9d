import { type ReactNode, useEffect, useRef } from 'react'
import { usePageTitle } from '../ui/page-title.ts'
import { TopBar } from './top-bar.tsx'

type PageBodyProps = {
  title: string
  /** What the page is part of. */
  place: string
  aside?: ReactNode
  children: ReactNode
}

/** A page of the workspace. It takes the focus when it appears, so that a screen reader begins to read here. */
export function PageBody({ title, place, aside, children }: PageBodyProps) {
  usePageTitle(title, place)
  const main = useRef<HTMLElement>(null)
  useEffect(() => main.current?.focus({ preventScroll: true }), [])
  return (
    <>
      <TopBar aside={aside}>
        <span className="min-w-0 truncate text-muted">{place}</span>
        <span className="text-faint" aria-hidden>
          /
        </span>
        <h1 className="max-w-3/5 shrink-0 truncate font-semibold">{title}</h1>
      </TopBar>
      <main ref={main} tabIndex={-1} className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto w-full max-w-3xl px-6 py-8 max-md:px-4 max-md:py-5">{children}</div>
      </main>
    </>
  )
}
