import { getRouteApi, Link } from '@tanstack/react-router'
import { UserRoundPlus } from 'lucide-react'
import { PageBody } from '../shell/page-body.tsx'
import { buttonClass } from '../ui/button.tsx'
import { InvitationRow } from './invitation-row.tsx'
import { InviteDialog } from './invite-dialog.tsx'
import { MemberRow } from './member-row.tsx'
import { RenameTeam } from './rename-team.tsx'
import { mayRunTeam } from './rights.ts'
import { useSelf, useTeam } from './team.ts'

const route = getRouteApi('/app/workspace/t/$teamId/members')

export function MembersPage() {
  const { team } = useTeam()
  const self = useSelf()
  const { invite } = route.useSearch()
  const navigate = route.useNavigate()
  const mayInvite = self !== undefined && mayRunTeam(self.role)
  return (
    <PageBody title="Members" place={team.name} aside={mayInvite && <TeamActions />}>
      <div className="flex flex-col gap-8">
        {!mayInvite && <p className="text-muted">Admins and owners invite people and change roles.</p>}
        <MemberList />
        <InvitationList />
      </div>
      {invite && mayInvite && <InviteDialog onClose={() => navigate({ search: {}, replace: true })} />}
    </PageBody>
  )
}

function TeamActions() {
  return (
    <>
      <RenameTeam />
      <InviteLink />
    </>
  )
}

function InviteLink() {
  return (
    <Link from="/t/$teamId/members" to="." search={{ invite: true }} className={buttonClass('primary')}>
      <UserRoundPlus className="size-4" aria-hidden />
      Invite
    </Link>
  )
}

function MemberList() {
  const { members } = useTeam()
  const self = useSelf()
  return (
    <section aria-labelledby="people" className="flex flex-col gap-2">
      <h2 id="people" className="flex items-baseline gap-2 font-semibold">
        People <span className="tabular font-normal text-muted">{members.length}</span>
      </h2>
      <ul className="divide-y divide-line rounded-lg border border-line">
        {self && members.map((member) => <MemberRow key={member.user_id} member={member} self={self} />)}
      </ul>
    </section>
  )
}

function InvitationList() {
  const { invitations } = useTeam()
  const self = useSelf()
  if (!self || invitations.length === 0) return null
  return (
    <section aria-labelledby="invitations" className="flex flex-col gap-2">
      <h2 id="invitations" className="flex items-baseline gap-2 font-semibold">
        Open invitations <span className="tabular font-normal text-muted">{invitations.length}</span>
      </h2>
      <ul className="divide-y divide-line rounded-lg border border-line">
        {invitations.map((invitation) => (
          <InvitationRow key={invitation.id} invitation={invitation} mayWithdraw={mayRunTeam(self.role)} />
        ))}
      </ul>
    </section>
  )
}
