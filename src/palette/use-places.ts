import { useNavigate } from '@tanstack/react-router'
import { askToPublish } from '../deployments/ask-to-publish.ts'
import { showTab } from '../projects/pane.ts'
import { useOpenPlace } from '../projects/project.ts'
import { useNewChat } from '../projects/use-new-chat.ts'
import type { Shell } from '../shell/shell-context.ts'
import { useCurrentTeam } from '../teams/current-team.ts'
import { mayRunTeam } from '../teams/rights.ts'
import type { ShortcutName } from './shortcuts.ts'

export type Places = Partial<Record<ShortcutName, () => void>>

/** Where one can go from here; what is not possible here is not in it. */
export function usePlaces(shell: Shell): Places {
  const navigate = useNavigate()
  const team = useCurrentTeam()
  const chat = useChatPlaces(shell)
  const everywhere: Places = {
    ...chat,
    'go-settings': () => void navigate({ to: '/settings/profile' }),
    'go-system': () => void navigate({ to: '/system' }),
  }
  if (!team) return { ...everywhere, 'go-home': () => void navigate({ to: '/' }) }
  const params = { teamId: team.team_id }
  return {
    ...everywhere,
    'go-home': () => void navigate({ to: '/t/$teamId', params }),
    'go-members': () => void navigate({ to: '/t/$teamId/members', params }),
    'go-desk': () => void navigate({ to: '/escalations' }),
    ...(mayRunTeam(team.role)
      ? {
          'go-analytics': () => void navigate({ to: '/analytics/escalations' }),
          invite: () => void navigate({ to: '/t/$teamId/members', params, search: { invite: true } }),
        }
      : {}),
  }
}

function useChatPlaces({ openDialog }: Shell): Places {
  const { projectId, chatId } = useOpenPlace()
  const newChat = useNewChat()
  return {
    ...(projectId
      ? {
          'new-chat': () => newChat.mutate(projectId),
          'search-chats': () => openDialog('search'),
          publish: askToPublish,
          'go-preview': () => showTab(projectId, 'preview'),
          'go-code': () => showTab(projectId, 'code'),
          'go-changes': () => showTab(projectId, 'changes'),
          'go-runs': () => showTab(projectId, 'runs'),
          'go-deployments': () => showTab(projectId, 'deployments'),
        }
      : {}),
    ...(chatId ? { composer: () => document.querySelector<HTMLElement>('[data-composer]')?.focus() } : {}),
  }
}
