import { createContext, useContext } from 'react'

/** Of the project that is open. */
export type ShellDialog = 'search' | 'archive' | 'rename-chat' | 'fork' | 'import'

/** What the frame around the pages can open. */
export type Shell = {
  openDrawer(): void
  openPalette(): void
  openHelp(): void
  openDialog(name: ShellDialog): void
}

export const ShellContext = createContext<Shell | null>(null)

export function useShell(): Shell {
  const shell = useContext(ShellContext)
  if (!shell) throw new Error('useShell needs the workspace around it.')
  return shell
}
