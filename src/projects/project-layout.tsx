import { Link, Outlet } from '@tanstack/react-router'
import { FolderLock, MessageSquare, PanelsTopLeft } from 'lucide-react'
import { useEffect } from 'react'
import { FollowComments } from '../comments/follow-comments.tsx'
import { useFeed } from '../feed/index.ts'
import { Workbench } from '../files/workbench.tsx'
import { ShowPresence } from '../people/show-presence.tsx'
import { useUser } from '../session/user.ts'
import { FailedPage } from '../shell/failed-page.tsx'
import { PageBody } from '../shell/page-body.tsx'
import { PageSkeleton } from '../shell/page-skeleton.tsx'
import { rememberTeam } from '../teams/last-team.ts'
import { useTeamNames } from '../teams/use-team-names.ts'
import { buttonClass } from '../ui/button.tsx'
import { classes } from '../ui/classes.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import type { PaneName } from './pane.ts'
import { useOpenPlace, useProjectId, useProjectIfLoaded } from './project.ts'
import { ProjectBar } from './project-bar.tsx'
import { projectFeed } from './project-feed.ts'
import { ShowWorkbench, useSide } from './side.tsx'
import { Splitter, useSplit } from './splitter.tsx'
import { useIsNarrow } from './use-is-narrow.ts'
import { usePane } from './use-pane.ts'

/** Everything under `/p/<project>`: keeps the project live while one of its pages is open. */
export function ProjectLayout() {
  const projectId = useProjectId()
  const status = useFeed(projectFeed(projectId))
  const project = useProjectIfLoaded(projectId)
  const teamId = project?.project.team_id
  const hasNames = useTeamNames(teamId)
  const { memberships, departures } = useUser()
  const isLost =
    departures.some((departure) => departure.teamId === teamId) &&
    !memberships.some(({ team_id }) => team_id === teamId)
  useEffect(() => {
    if (teamId && !isLost) rememberTeam(teamId)
  }, [teamId, isLost])

  if (status.state === 'denied' || isLost) return <NotYourProject />
  if (project && hasNames) return <Panes key={projectId} />
  if (status.state === 'failed')
    return <FailedPage what="The project could not be loaded." error={status.error} />
  return <PageSkeleton />
}

/** The chat, and beside it the workbench; where there is no room for both, one at a time. */
function Panes() {
  const projectId = useProjectId()
  const { chatId } = useOpenPlace()
  const [shown, show] = usePane()
  const split = useSplit()
  const side = useSide()
  const isMain = useIsNarrow() && shown === 'workbench'
  const showWorkbench = () => {
    show('workbench')
    if (side.isHidden) side.toggle()
  }
  return (
    <>
      <ShowPresence projectId={projectId} />
      <FollowComments projectId={projectId} onFile={showWorkbench} />
      <ProjectBar />
      <PaneSwitch shown={shown} onShow={show} />
      <div ref={split.frame} className="flex min-h-0 flex-1">
        <div
          className={classes(
            'flex min-w-0 flex-col max-xl:flex-1',
            side.isHidden ? 'xl:flex-1' : 'xl:w-(--chat-width) xl:shrink-0',
            shown !== 'chat' && 'max-xl:hidden',
          )}
        >
          <Outlet />
        </div>
        <section
          role={isMain ? 'main' : undefined}
          aria-label="Workbench"
          className={classes(
            shown === 'workbench' ? 'flex' : 'hidden xl:flex',
            side.isHidden ? 'max-xl:min-w-0 max-xl:flex-1' : 'min-w-0 flex-1',
          )}
        >
          {!side.isHidden && <Splitter {...split} />}
          {side.isHidden && <ShowWorkbench onShow={side.toggle} />}
          <div className={classes('flex min-w-0 flex-1 flex-col', side.isHidden && 'xl:hidden')}>
            <Workbench projectId={projectId} chatId={chatId} onHide={side.toggle} />
          </div>
        </section>
      </div>
    </>
  )
}

const PANES = [
  { pane: 'chat', label: 'Chat', icon: MessageSquare },
  { pane: 'workbench', label: 'Workbench', icon: PanelsTopLeft },
] as const

function PaneSwitch({ shown, onShow }: { shown: PaneName; onShow(pane: PaneName): void }) {
  return (
    <nav aria-label="What is shown" className="flex shrink-0 gap-1 border-b border-line p-1 xl:hidden">
      {PANES.map(({ pane, label, icon: Glyph }) => (
        <button
          key={pane}
          type="button"
          aria-pressed={shown === pane}
          onClick={() => onShow(pane)}
          className="flex h-8 flex-1 items-center justify-center gap-2 rounded-md text-muted hover:bg-hover aria-pressed:bg-hover aria-pressed:font-medium aria-pressed:text-text pointer-coarse:h-10"
        >
          <Glyph className="size-4" aria-hidden />
          {label}
        </button>
      ))}
    </nav>
  )
}

function NotYourProject() {
  return (
    <PageBody title="No access" place="Project">
      <EmptyState
        icon={<FolderLock className="size-8" aria-hidden />}
        title="This project is not open to you"
        action={
          <Link to="/" className={buttonClass('primary')}>
            Go to your own team
          </Link>
        }
      >
        Either it does not exist, or you are not in its team. The admins and owners of the team can invite
        you.
      </EmptyState>
    </PageBody>
  )
}
