import type { ReactNode } from 'react'

type EmptyStateProps = { icon: ReactNode; title: string; children: ReactNode; action?: ReactNode }

export function EmptyState({ icon, title, children, action }: EmptyStateProps) {
  return (
    <div className="mx-auto flex max-w-md flex-col items-center gap-2 px-6 py-16 text-center">
      <span className="mb-2 text-faint">{icon}</span>
      <h2 className="text-lg font-semibold">{title}</h2>
      <div className="text-muted wrap-anywhere">{children}</div>
      {action && <div className="mt-3 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  )
}
