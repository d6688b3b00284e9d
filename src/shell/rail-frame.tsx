import { useRouterState } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { classes } from '../ui/classes.ts'
import { useModal } from '../ui/dialog.tsx'
import { Rail } from './rail.tsx'

const KEY = 'baton.rail'

/** The rail beside the page, wide or as icons, as it was left. */
export function SideRail() {
  const [compact, setCompact] = useState(() => localStorage.getItem(KEY) === 'compact')
  const toggle = () => {
    localStorage.setItem(KEY, compact ? 'wide' : 'compact')
    setCompact(!compact)
  }
  return (
    <aside
      className={classes('shrink-0 border-r border-line bg-canvas max-md:hidden', compact ? 'w-14' : 'w-58')}
    >
      <Rail compact={compact} onToggle={toggle} />
    </aside>
  )
}

/** The same rail over the page, on a phone. Going anywhere closes it. */
export function Drawer({ onClose }: { onClose(): void }) {
  const ref = useModal(onClose)
  const path = useRouterState({ select: ({ location }) => location.pathname })
  const [openedAt] = useState(path)
  useEffect(() => {
    if (path !== openedAt) onClose()
  }, [path, openedAt, onClose])
  return (
    <dialog
      ref={ref}
      aria-label="Menu"
      className="appear-left m-0 h-dvh max-h-none w-72 max-w-[85vw] bg-canvas text-text shadow-float"
    >
      <Rail />
    </dialog>
  )
}
