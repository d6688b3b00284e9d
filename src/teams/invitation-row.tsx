import { MailX } from 'lucide-react'
import type { Invitation } from '../../supabase/functions/_shared/protocol.ts'
import { rpc } from '../rpc.ts'
import { Avatar } from '../ui/avatar.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { useTeam, useTeamAction } from './team.ts'

type InvitationRowProps = { invitation: Invitation; mayWithdraw: boolean }

export function InvitationRow({ invitation, mayWithdraw }: InvitationRowProps) {
  const act = useTeamAction()
  const inviter = useTeam().members.find(({ user_id }) => user_id === invitation.invited_by)
  const withdraw = () =>
    act({
      change: { kind: 'invitation.closed', payload: { id: invitation.id, outcome: 'revoked' } },
      send: () => rpc('revoke_invitation', { invitation_id: invitation.id }),
      failure: `The invitation of ${invitation.email} was not withdrawn.`,
    })
  return (
    <li className="flex items-center gap-3 px-3 py-2.5">
      <Avatar name={invitation.email} className="border-dashed" />
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{invitation.email}</p>
        <p className="text-muted">
          Invited as {invitation.role}
          {inviter && ` by ${inviter.display_name}`} <TimeAgo at={invitation.created_at} />, expires{' '}
          <TimeAgo at={invitation.expires_at} />
        </p>
      </div>
      {mayWithdraw && (
        <Tooltip label="Withdraw the invitation">
          <IconButton label={`Withdraw the invitation of ${invitation.email}`} onClick={withdraw}>
            <MailX className="size-4" aria-hidden />
          </IconButton>
        </Tooltip>
      )}
    </li>
  )
}
