import { type ReactNode, useEffect, useRef } from 'react'
import { classes } from '../ui/classes.ts'
import { usePageTitle } from '../ui/page-title.ts'
import { TopBar } from './top-bar.tsx'

type PageBodyProps = {
  title: string
  /** What the page is part of. */
  place: string
  aside?: ReactNode
  /** For tables and charts rather than for text. */
  wide?: boolean
  children: ReactNode
}

/** A page of the workspace. It takes the focus when it appears, so that a screen reader begins to read here. */
export function PageBody({ title, place, aside, wide = false, children }: PageBodyProps) {
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
        <div
          className={classes(
            'mx-auto w-full px-6 py-8 max-md:px-4 max-md:py-5',
            wide ? 'max-w-7xl' : 'max-w-3xl',
          )}
        >
          {children}
        </div>
      </main>
    </>
  )
}
