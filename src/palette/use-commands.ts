import { useNavigate } from '@tanstack/react-router'
import {
  Activity,
  ChartColumn,
  House,
  Keyboard,
  LifeBuoy,
  LogOut,
  Settings,
  UserRoundPlus,
  UsersRound,
} from 'lucide-react'
import { signOut } from '../session/session.ts'
import { useMemberships } from '../session/user.ts'
import { THEME_CHOICES } from '../settings/appearance-page.tsx'
import { useChooseTheme, useTheme } from '../settings/saved-theme.ts'
import { useShell } from '../shell/shell-context.ts'
import { useCurrentTeam } from '../teams/current-team.ts'
import type { ShortcutName } from './shortcuts.ts'
import { usePlaces } from './use-places.ts'
import { useProjectCommands } from './use-project-commands.ts'
import { useWorkbenchCommands } from './use-workbench-commands.ts'

export type Command = {
  id: string
  group: 'App' | 'Chats' | 'Projects' | 'Go to' | 'Teams' | 'Theme' | 'More'
  title: string
  icon: typeof House
  shortcut?: ShortcutName
  run(): void
}

const PLACES: Record<
  'go-home' | 'go-members' | 'go-desk' | 'go-analytics' | 'invite' | 'go-settings' | 'go-system',
  [string, typeof House]
> = {
  'go-home': ['Home', House],
  'go-members': ['Members', UsersRound],
  'go-desk': ['Escalations', LifeBuoy],
  'go-analytics': ['Analytics of escalations', ChartColumn],
  invite: ['Invite people', UserRoundPlus],
  'go-settings': ['Settings', Settings],
  'go-system': ['State of the system', Activity],
}

/** Everything that can be done from here, and nothing that cannot. */
export function useCommands(): Command[] {
  return [
    ...useWorkbenchCommands(),
    ...useProjectCommands(),
    ...usePlaceCommands(),
    ...useTeamCommands(),
    ...useThemeCommands(),
    ...useMoreCommands(),
  ]
}

function usePlaceCommands(): Command[] {
  const places = usePlaces(useShell())
  return Object.entries(PLACES).flatMap(([name, [title, icon]]) => {
    const shortcut = name as keyof typeof PLACES
    const run = places[shortcut]
    return run ? [{ id: name, group: 'Go to' as const, title, icon, shortcut, run }] : []
  })
}

function useTeamCommands(): Command[] {
  const current = useCurrentTeam()
  const navigate = useNavigate()
  return useMemberships()
    .filter(({ team_id }) => team_id !== current?.team_id)
    .map(({ team_id, team_name }) => ({
      id: `team-${team_id}`,
      group: 'Teams',
      title: `Switch to ${team_name}`,
      icon: UsersRound,
      run: () => void navigate({ to: '/t/$teamId', params: { teamId: team_id } }),
    }))
}

function useThemeCommands(): Command[] {
  const current = useTheme()
  const choose = useChooseTheme()
  return THEME_CHOICES.map(({ theme, label, icon }) => ({
    id: `theme-${theme}`,
    group: 'Theme',
    title: `Theme: ${label.toLowerCase()}${theme === current ? ' (now)' : ''}`,
    icon,
    run: () => choose(theme),
  }))
}

function useMoreCommands(): Command[] {
  const { openHelp } = useShell()
  return [
    {
      id: 'help',
      group: 'More',
      title: 'Keyboard shortcuts',
      icon: Keyboard,
      shortcut: 'help',
      run: openHelp,
    },
    { id: 'sign-out', group: 'More', title: 'Sign out', icon: LogOut, run: () => void signOut() },
  ]
}
