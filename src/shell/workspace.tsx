import { Outlet } from '@tanstack/react-router'
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react'
import { chatFeed } from '../chat/chat-feed.ts'
import { useFeed } from '../feed/index.ts'
import { tellWhenSeen } from '../notifications/seen.ts'
import { ShortcutsHelp } from '../palette/shortcuts-help.tsx'
import { useShortcuts } from '../palette/use-shortcuts.ts'
import { useOpenPlace } from '../projects/project.ts'
import { projectFeed } from '../projects/project-feed.ts'
import { useUserId, useUserIfLoaded } from '../session/user.ts'
import { userFeed } from '../session/user-feed.ts'
import { useWatchSession } from '../session/watch-session.ts'
import { useSavedTheme } from '../settings/saved-theme.ts'
import { useCloseLostTeam } from '../teams/close-lost-team.ts'
import { DepartureNotices } from '../teams/departure-notice.tsx'
import { lastTeam } from '../teams/last-team.ts'
import { teamFeed } from '../teams/team-feed.ts'
import { ConnectionBanner } from './connection-banner.tsx'
import { FailedPage } from './failed-page.tsx'
import { PageSkeleton } from './page-skeleton.tsx'
import { Drawer, SideRail } from './rail-frame.tsx'
import { RailSkeleton } from './rail-skeleton.tsx'
import { ShellContext, type ShellDialog } from './shell-context.ts'

const Ringing = lazy(() =>
  import('../notifications/ringing.tsx').then(({ Ringing }) => ({ default: Ringing })),
)
const Palette = lazy(() => import('../palette/palette.tsx').then(({ Palette }) => ({ default: Palette })))

/** Around every page of someone who is signed in. */
export function Workspace() {
  const userId = useUserId()
  const status = useFeed(userFeed(userId))
  const user = useUserIfLoaded()
  useWatchSession(userId)
  useEffect(tellWhenSeen, [])
  const hasFailed = status.state === 'failed' || status.state === 'denied' || status.state === 'offline'
  return (
    <>
      <FollowOpenPlace />
      {user ? (
        <div className="flex h-full flex-col">
          <ConnectionBanner state={status.state} />
          <LoadedWorkspace />
        </div>
      ) : (
        <div className="flex h-full">
          <FollowLastTeam />
          <RailSkeleton />
          {hasFailed ? (
            <FailedPage what="Your workspace could not be loaded." error={status.error} />
          ) : (
            <PageSkeleton />
          )}
        </div>
      )}
    </>
  )
}

/** What the address names is asked for at once, and not page by page as they come. */
function FollowOpenPlace() {
  const { projectId, chatId } = useOpenPlace()
  useFeed(projectId ? projectFeed(projectId) : null)
  useFeed(projectId && chatId ? chatFeed(projectId, chatId) : null)
  return null
}

/** Most likely the one that the page is about: it is asked for together with the person. */
function FollowLastTeam() {
  const userId = useUserId()
  const teamId = lastTeam()
  useFeed(teamId ? teamFeed(teamId, userId) : null)
  return null
}

const ProjectDialogs = lazy(() =>
  import('../projects/project-dialogs.tsx').then(({ ProjectDialogs }) => ({ default: ProjectDialogs })),
)

type Overlay = 'drawer' | 'palette' | 'help' | ShellDialog | null

const isOfProject = (overlay: Overlay): overlay is ShellDialog =>
  overlay !== null && overlay !== 'drawer' && overlay !== 'palette' && overlay !== 'help'

function LoadedWorkspace() {
  const [overlay, setOverlay] = useState<Overlay>(null)
  const close = useCallback(() => setOverlay(null), [])
  const shell = useMemo(
    () => ({
      openDrawer: () => setOverlay('drawer'),
      openPalette: () => setOverlay('palette'),
      openHelp: () => setOverlay('help'),
      openDialog: (name: ShellDialog) => setOverlay(name),
    }),
    [],
  )
  useShortcuts(shell)
  useSavedTheme()
  useCloseLostTeam()
  return (
    <ShellContext value={shell}>
      <div className="flex min-h-0 flex-1">
        <SideRail />
        <div className="flex min-w-0 flex-1 flex-col bg-surface">
          <DepartureNotices />
          <Outlet />
        </div>
      </div>
      <Suspense>
        <Ringing />
      </Suspense>
      {overlay === 'drawer' && <Drawer onClose={close} />}
      {overlay === 'help' && <ShortcutsHelp onClose={close} />}
      {overlay === 'palette' && (
        <Suspense>
          <Palette onClose={close} />
        </Suspense>
      )}
      {isOfProject(overlay) && (
        <Suspense>
          <ProjectDialogs name={overlay} onClose={close} />
        </Suspense>
      )}
    </ShellContext>
  )
}
