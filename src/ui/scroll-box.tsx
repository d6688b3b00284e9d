import { type ReactNode, useCallback } from 'react'

type ScrollBoxProps = {
  label: string
  className: string
  /** What is newest is on the right, and seen first. */
  fromTheRight?: boolean
  children: ReactNode
}

/** What may be wider or longer than its place. It takes the focus, so that the keyboard scrolls it too. */
export function ScrollBox({ label, className, fromTheRight = false, children }: ScrollBoxProps) {
  const begin = useCallback(
    (box: HTMLElement | null) => {
      if (box && fromTheRight) box.scrollLeft = box.scrollWidth
    },
    [fromTheRight],
  )
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section ref={begin} aria-label={label} tabIndex={0} className={className}>
      {children}
    </section>
  )
}
