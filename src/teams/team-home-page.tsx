import { Link } from '@tanstack/react-router'
import { UserRoundPlus } from 'lucide-react'
import { PageBody } from '../shell/page-body.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { buttonClass } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Logo } from '../ui/logo.tsx'
import { mayRunTeam } from './rights.ts'
import { useSelf, useTeam } from './team.ts'

export function TeamHomePage() {
  const { team, members } = useTeam()
  return (
    <PageBody
      title="Home"
      place={team.name}
      aside={<Faces names={members.map(({ display_name }) => display_name)} />}
    >
      <EmptyState icon={<Logo className="size-12" />} title="A place to build together" action={<NextStep />}>
        In Baton a team and its AI agents build web apps side by side, and everyone watches every step live.
        When an agent or a team-mate is stuck, a senior takes over in seconds.
        <NextHint />
      </EmptyState>
    </PageBody>
  )
}

const useMayInvite = () => mayRunTeam(useSelf()?.role ?? 'member')

function NextHint() {
  const isAlone = useTeam().members.length === 1
  if (useMayInvite())
    return <p className="mt-3">{isAlone ? 'Begin with the people.' : 'Who is still missing?'}</p>
  return <p className="mt-3">Admins and owners invite more people.</p>
}

function NextStep() {
  if (useMayInvite()) {
    return (
      <Link
        from="/t/$teamId"
        to="/t/$teamId/members"
        search={{ invite: true }}
        className={buttonClass('primary')}
      >
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
