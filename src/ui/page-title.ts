import { useEffect } from 'react'

/** What the page is called, and what stands before it, such as a count of what is new. */
let title = 'Baton'
let prefix = ''

const draw = () => {
  document.title = prefix === '' ? title : `${prefix} ${title}`
}

export function usePageTitle(...parts: (string | undefined)[]): void {
  const now = [...parts.filter(Boolean), 'Baton'].join(' · ')
  useEffect(() => {
    title = now
    draw()
  }, [now])
}

export function useTitlePrefix(now: string): void {
  useEffect(() => {
    prefix = now
    draw()
    return () => {
      prefix = ''
      draw()
    }
  }, [now])
}
