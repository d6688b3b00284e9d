import { Menu as MenuIcon, Search } from 'lucide-react'
import type { ReactNode } from 'react'
import { Bell } from '../notifications/bell.tsx'
import { commandKey } from '../palette/command-key.ts'
import { ModelBadge } from '../system/model-badge.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { Keys } from '../ui/keys.tsx'
import { useShell } from './shell-context.ts'

export function TopBar({ children, aside }: { children: ReactNode; aside?: ReactNode }) {
  const { openDrawer } = useShell()
  return (
    <header className="flex h-12 shrink-0 items-center gap-2 border-b border-line px-4 max-md:px-2">
      <IconButton label="Open the menu" onClick={openDrawer} className="md:hidden">
        <MenuIcon className="size-4" aria-hidden />
      </IconButton>
      <div className="flex min-w-0 flex-1 items-center gap-2">{children}</div>
      <div className="flex shrink-0 items-center gap-2">
        <span className="max-md:hidden">
          <ModelBadge />
        </span>
        {aside}
        <Bell />
        <SearchButton />
      </div>
    </header>
  )
}

function SearchButton() {
  const { openPalette } = useShell()
  return (
    <button
      type="button"
      onClick={openPalette}
      aria-keyshortcuts="Meta+K Control+K"
      className="inline-flex h-8 items-center gap-2 rounded-md border border-line px-2 text-muted hover:bg-hover hover:text-text max-md:border-transparent pointer-coarse:h-10"
    >
      <Search className="size-4" aria-hidden />
      <span className="sr-only">Search and commands</span>
      <span className="max-md:hidden">
        <Keys keys={[commandKey, 'K']} />
      </span>
    </button>
  )
}
