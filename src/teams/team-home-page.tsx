import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { FileArchive, FolderPlus, UserRoundPlus } from 'lucide-react'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { CreateProjectDialog } from '../projects/create-project-dialog.tsx'
import { ProjectList } from '../projects/project-list.tsx'
import { PageBody } from '../shell/page-body.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { Button, buttonClass } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Logo } from '../ui/logo.tsx'
import { mayRunTeam } from './rights.ts'
import { useSelf, useTeam } from './team.ts'

const ImportAsProjectDialog = lazy(() =>
  import('../zip/import-dialog.tsx').then(({ ImportAsProjectDialog }) => ({
    default: ImportAsProjectDialog,
  })),
)

export function TeamHomePage() {
  const { team, members, projects } = useTeam()
  const { create } = useSearch({ from: '/app/workspace/t/$teamId/' })
  const navigate = useNavigate({ from: '/t/$teamId' })
  const ask = (creating: boolean) =>
    navigate({ to: '/t/$teamId', search: creating ? { create: true } : {}, replace: true })
  const [isImporting, setIsImporting] = useState(false)
  const button = (
    <>
      <Button look="primary" onClick={() => ask(true)}>
        <FolderPlus className="size-4" aria-hidden />
        {projects.length === 0 ? 'Create the first project' : 'New project'}
      </Button>
      <Button onClick={() => setIsImporting(true)}>
        <FileArchive className="size-4" aria-hidden />
        From a zip
      </Button>
    </>
  )
  return (
    <PageBody
      title="Home"
      place={team.name}
      aside={<Faces names={members.map(({ display_name }) => display_name)} />}
    >
      {projects.length === 0 ? (
        <FirstProject button={button} />
      ) : (
        <section aria-labelledby="projects" className="flex flex-col gap-4">
          <header className="flex items-center justify-between gap-4">
            <h2 id="projects" className="text-lg font-semibold">
              Projects
            </h2>
            <span className="flex flex-row-reverse gap-2">{button}</span>
          </header>
          <ProjectList />
        </section>
      )}
      {create && <CreateProjectDialog teamId={team.id} onClose={() => ask(false)} />}
      {isImporting && (
        <Suspense>
          <ImportAsProjectDialog teamId={team.id} onClose={() => setIsImporting(false)} />
        </Suspense>
      )}
    </PageBody>
  )
}

function FirstProject({ button }: { button: ReactNode }) {
  return (
    <EmptyState
      icon={<Logo className="size-12" />}
      title="A place to build together"
      action={
        <>
          {button}
          <PeopleLink />
        </>
      }
    >
      In Baton a team and its AI agents build web apps side by side, and everyone watches every step live.
      When an agent or a team-mate is stuck, a senior takes over in seconds.
    </EmptyState>
  )
}

function PeopleLink() {
  if (mayRunTeam(useSelf()?.role ?? 'member')) {
    return (
      <Link from="/t/$teamId" to="/t/$teamId/members" search={{ invite: true }} className={buttonClass()}>
        <UserRoundPlus className="size-4" aria-hidden />
        Invite people
      </Link>
    )
  }
  return (
    <Link from="/t/$teamId" to="/t/$teamId/members" className={buttonClass()}>
      See who is here
    </Link>
  )
}

const SHOWN = 5

function Faces({ names }: { names: string[] }) {
  const more = names.length - SHOWN
  return (
    <Link
      from="/t/$teamId"
      to="/t/$teamId/members"
      className="flex items-center gap-2 rounded-full text-muted hover:text-text"
      aria-label={`${names.length} ${names.length === 1 ? 'member' : 'members'}`}
    >
      <span className="flex -space-x-1.5">
        {names.slice(0, SHOWN).map((name, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: faces are decoration, and two people may share a name
          <Avatar key={index} name={name} className="ring-2 ring-surface" />
        ))}
      </span>
      {more > 0 && <span className="tabular text-xs">+{more}</span>}
    </Link>
  )
}
