import { LogOut, UserRoundX } from 'lucide-react'
import { useState } from 'react'
import type { Member, Role } from '../../supabase/functions/_shared/protocol.ts'
import { rpc } from '../rpc.ts'
import { Avatar } from '../ui/avatar.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { Noted } from '../ui/noted.tsx'
import { Select } from '../ui/text-input.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { rolesToGive, whyNotChange, whyNotLeave } from './rights.ts'
import { useTeam, useTeamAction } from './team.ts'

type RowProps = { member: Member; self: Member }

export function MemberRow({ member, self }: RowProps) {
  const isSelf = member.user_id === self.user_id
  return (
    <li className="flex items-center gap-3 px-3 py-2.5" data-member={member.email}>
      <Avatar name={member.display_name} />
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">
          {member.display_name} {isSelf && <span className="font-normal text-muted">(you)</span>}
        </p>
        <p className="truncate text-muted">{member.email}</p>
      </div>
      <p className="text-xs whitespace-nowrap text-faint max-md:hidden">
        joined <TimeAgo at={member.joined_at} />
      </p>
      <RoleControl member={member} self={self} />
      {isSelf ? <LeaveControl self={self} /> : <RemoveControl member={member} self={self} />}
    </li>
  )
}

function RoleControl({ member, self }: RowProps) {
  const { team, members } = useTeam()
  const act = useTeamAction()
  const whyNot = whyNotChange(member, self.role, members)
  if (whyNot) {
    return (
      <Noted note={whyNot} className="w-28 shrink-0 px-2.5 text-muted capitalize pointer-coarse:w-32">
        {member.role}
      </Noted>
    )
  }
  const change = (role: Role) =>
    act({
      change: { kind: 'member.role_changed', payload: { user_id: member.user_id, role } },
      send: () => rpc('set_member_role', { team_id: team.id, user_id: member.user_id, role }),
      failure: `The role of ${member.display_name} was not changed.`,
    })
  return (
    <Select
      aria-label={`Role of ${member.display_name}`}
      value={member.role}
      onChange={(event) => change(event.target.value as Role)}
      className="w-28 shrink-0 capitalize pointer-coarse:w-32"
    >
      {rolesToGive(self.role).map((role) => (
        <option key={role} value={role}>
          {role}
        </option>
      ))}
    </Select>
  )
}

function RemoveControl({ member, self }: RowProps) {
  const { team, members } = useTeam()
  const act = useTeamAction()
  const [asking, setAsking] = useState(false)
  if (whyNotChange(member, self.role, members)) return <NoControl />
  const remove = () =>
    act({
      change: { kind: 'member.removed', payload: { user_id: member.user_id, by: self.user_id } },
      send: () => rpc('remove_member', { team_id: team.id, user_id: member.user_id }),
      failure: `${member.display_name} was not removed.`,
    })
  return (
    <>
      <Tooltip label="Remove from the team">
        <IconButton label={`Remove ${member.display_name} from the team`} onClick={() => setAsking(true)}>
          <UserRoundX className="size-4" aria-hidden />
        </IconButton>
      </Tooltip>
      {asking && (
        <ConfirmDialog
          title={`Remove ${member.display_name}?`}
          action="Remove"
          onConfirm={remove}
          onClose={() => setAsking(false)}
        >
          They lose access to {team.name} at once, and what they have open of it closes. They can be invited
          again.
        </ConfirmDialog>
      )}
    </>
  )
}

function LeaveControl({ self }: { self: Member }) {
  const { team, members } = useTeam()
  const act = useTeamAction()
  const [asking, setAsking] = useState(false)
  const whyNot = whyNotLeave(self, members)
  const leave = () =>
    act({
      change: { kind: 'member.removed', payload: { user_id: self.user_id, by: null } },
      send: () => rpc('leave_team', { team_id: team.id }),
      failure: `You did not leave ${team.name}.`,
    })
  return (
    <>
      <Tooltip label={whyNot ?? 'Leave the team'}>
        <IconButton
          label={whyNot ? `Leave the team: ${whyNot}` : 'Leave the team'}
          aria-disabled={whyNot !== null}
          onClick={() => whyNot === null && setAsking(true)}
          className="aria-disabled:cursor-default! aria-disabled:opacity-45"
        >
          <LogOut className="size-4" aria-hidden />
        </IconButton>
      </Tooltip>
      {asking && (
        <ConfirmDialog
          title={`Leave ${team.name}?`}
          action="Leave"
          onConfirm={leave}
          onClose={() => setAsking(false)}
        >
          You lose access to it at once. To come back you need an invitation.
        </ConfirmDialog>
      )}
    </>
  )
}

/** Keeps the columns in line. */
const NoControl = () => <span className="size-8 shrink-0 pointer-coarse:size-10" />
