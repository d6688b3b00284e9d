import { useNavigate, useParams } from '@tanstack/react-router'
import { useMemberships } from '../session/user.ts'
import { mayRunTeam } from '../teams/rights.ts'
import type { ShortcutName } from './shortcuts.ts'

export type Places = Partial<Record<ShortcutName, () => void>>

/** Where one can go from here; what is not possible here is not in it. */
export function usePlaces(): Places {
  const { teamId } = useParams({ strict: false })
  const navigate = useNavigate()
  const membership = useMemberships().find(({ team_id }) => team_id === teamId)
  const everywhere: Places = {
    'go-settings': () => void navigate({ to: '/settings/profile' }),
    'go-system': () => void navigate({ to: '/system' }),
  }
  if (!teamId || !membership) return { ...everywhere, 'go-home': () => void navigate({ to: '/' }) }
  const params = { teamId }
  return {
    ...everywhere,
    'go-home': () => void navigate({ to: '/t/$teamId', params }),
    'go-members': () => void navigate({ to: '/t/$teamId/members', params }),
    ...(mayRunTeam(membership.role)
      ? { invite: () => void navigate({ to: '/t/$teamId/members', params, search: { invite: true } }) }
      : {}),
  }
}
