import type { ReactNode } from 'react'

/** `isPage`: it is all there is, so its title is that of the page. */
type EmptyStateProps = {
  isPage?: boolean
  icon: ReactNode
  title: string
  children: ReactNode
  action?: ReactNode
}

export function EmptyState({ isPage = false, icon, title, children, action }: EmptyStateProps) {
  const Title = isPage ? 'h1' : 'h2'
  return (
    <div className="mx-auto flex max-w-md flex-col items-center gap-2 px-6 py-16 text-center">
      <span className="mb-2 text-faint">{icon}</span>
      <Title className="text-lg font-semibold">{title}</Title>
      <div className="text-muted wrap-anywhere">{children}</div>
      {action && <div className="mt-3 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  )
}
