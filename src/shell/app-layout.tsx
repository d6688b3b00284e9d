import { notifyManager, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { Outlet } from '@tanstack/react-router'
import { FeedProvider, supabaseTransport } from '../feed/index.ts'
import { watchToken } from '../session/auth.ts'
import { supabase } from '../supabase.ts'
import { Toaster } from '../ui/toaster.tsx'
import { TooltipProvider } from '../ui/tooltip.tsx'

const queryClient = new QueryClient()
// As usual it tells components in a timer: that costs milliseconds on the way from a commit to the screen, and a second
// or more in a tab that nobody looks at.
notifyManager.setScheduler(queueMicrotask)

const transport = supabaseTransport(async () => supabase, watchToken)

/** What the pages behind the door share; the pages for signing in load without it. */
export function AppLayout() {
  return (
    <QueryClientProvider client={queryClient}>
      <FeedProvider transport={transport}>
        <TooltipProvider delayDuration={400}>
          <Outlet />
          <Toaster />
        </TooltipProvider>
      </FeedProvider>
    </QueryClientProvider>
  )
}
