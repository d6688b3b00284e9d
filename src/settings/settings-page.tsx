import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { PageBody } from '../shell/page-body.tsx'

const TABS = [
  { to: '/settings/profile', label: 'Profile' },
  { to: '/settings/appearance', label: 'Appearance' },
  { to: '/settings/notifications', label: 'Notifications' },
] as const

export function SettingsPage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <PageBody title={title} place="Settings">
      <nav aria-label="Settings" className="mb-6 flex gap-4 border-b border-line">
        {TABS.map(({ to, label }) => (
          <Link
            key={to}
            to={to}
            className="-mb-px border-b-2 border-transparent px-0.5 py-2 text-muted hover:text-text aria-[current=page]:border-ink aria-[current=page]:font-medium aria-[current=page]:text-text"
          >
            {label}
          </Link>
        ))}
      </nav>
      {children}
    </PageBody>
  )
}
