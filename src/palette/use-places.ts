import { useNavigate } from '@tanstack/react-router'
import { useCurrentTeam } from '../teams/current-team.ts'
import { mayRunTeam } from '../teams/rights.ts'
import type { ShortcutName } from './shortcuts.ts'

export type Places = Partial<Record<ShortcutName, () => void>>

/** Where one can go from here; what is not possible here is not in it. */
export function usePlaces(): Places {
  const navigate = useNavigate()
  const team = useCurrentTeam()
  const everywhere: Places = {
    'go-settings': () => void navigate({ to: '/settings/profile' }),
    'go-system': () => void navigate({ to: '/system' }),
  }
  if (!team) return { ...everywhere, 'go-home': () => void navigate({ to: '/' }) }
  const params = { teamId: team.team_id }
  return {
    ...everywhere,
    'go-home': () => void navigate({ to: '/t/$teamId', params }),
    'go-members': () => void navigate({ to: '/t/$teamId/members', params }),
    ...(mayRunTeam(team.role)
      ? { invite: () => void navigate({ to: '/t/$teamId/members', params, search: { invite: true } }) }
      : {}),
  }
}
