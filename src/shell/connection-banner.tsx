import { CloudOff, RefreshCw } from 'lucide-react'
import type { ReactNode } from 'react'
import type { FeedStatus } from '../feed/index.ts'

/** Says that what is on screen may be behind, and what that means. A hiccup of a few seconds is not worth it. */
export function ConnectionBanner({ state }: { state: FeedStatus['state'] }) {
  if (state === 'offline') {
    return (
      <Banner icon={<CloudOff className="size-4" aria-hidden />}>
        You are offline. What is on screen stays readable and nothing is lost; changes need the connection.
      </Banner>
    )
  }
  if (state === 'failed') {
    return (
      <Banner icon={<RefreshCw className="size-4" aria-hidden />}>
        Baton cannot be reached. What is on screen may be behind; it catches up by itself.
      </Banner>
    )
  }
  return null
}

function Banner({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <div role="status" className="flex items-center gap-2.5 bg-need-soft px-4 py-2 text-need-text">
      {icon}
      <p className="min-w-0 flex-1">{children}</p>
    </div>
  )
}
