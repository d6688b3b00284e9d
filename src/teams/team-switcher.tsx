import { useNavigate } from '@tanstack/react-router'
import { ChevronsUpDown, Plus } from 'lucide-react'
import { useState } from 'react'
import { useMemberships } from '../session/user.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Menu, MenuItem, MenuLabel, MenuLine } from '../ui/menu.tsx'
import { CreateTeamForm } from './create-team-form.tsx'
import { useCurrentTeam } from './current-team.ts'

export function TeamSwitcher({ compact }: { compact: boolean }) {
  const memberships = useMemberships()
  const navigate = useNavigate()
  const [creating, setCreating] = useState(false)
  const current = useCurrentTeam()
  const name = current?.team_name ?? 'No team yet'
  return (
    <>
      <Menu
        trigger={
          <button
            type="button"
            aria-label={compact ? `Team: ${name}` : undefined}
            className="flex h-10 min-w-0 flex-1 items-center gap-2.5 rounded-md px-1.5 text-left hover:bg-hover"
          >
            <Avatar name={current?.team_name ?? '·'} shape="square" />
            {!compact && (
              <>
                <span className="min-w-0 flex-1 truncate font-semibold">
                  <span className="sr-only">Team: </span>
                  {name}
                </span>
                <ChevronsUpDown className="size-4 shrink-0 text-faint" aria-hidden />
              </>
            )}
          </button>
        }
      >
        {memberships.length > 0 && <MenuLabel>Your teams</MenuLabel>}
        {memberships.map(({ team_id, team_name }) => (
          <MenuItem
            key={team_id}
            icon={<Avatar name={team_name} shape="square" className="size-6" />}
            checked={team_id === current?.team_id}
            onSelect={() => navigate({ to: '/t/$teamId', params: { teamId: team_id } })}
          >
            {team_name}
          </MenuItem>
        ))}
        {memberships.length > 0 && <MenuLine />}
        <MenuItem icon={<Plus className="m-1 size-4" aria-hidden />} onSelect={() => setCreating(true)}>
          New team
        </MenuItem>
      </Menu>
      {creating && (
        <Dialog title="New team" onClose={() => setCreating(false)}>
          <CreateTeamForm onCreated={() => setCreating(false)} />
        </Dialog>
      )}
    </>
  )
}
