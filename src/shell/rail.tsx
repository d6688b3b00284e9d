import { Link, useNavigate } from '@tanstack/react-router'
import {
  Activity,
  ChartColumn,
  House,
  Keyboard,
  LogOut,
  PanelLeftClose,
  PanelLeftOpen,
  Settings,
  UsersRound,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { DeskLink } from '../escalations/desk-link.tsx'
import { RailProjects } from '../projects/rail-projects.tsx'
import { signOut } from '../session/session.ts'
import { useUser } from '../session/user.ts'
import { ModelBadge } from '../system/model-badge.tsx'
import { useCurrentTeam } from '../teams/current-team.ts'
import { mayRunTeam } from '../teams/rights.ts'
import { TeamSwitcher } from '../teams/team-switcher.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { classes } from '../ui/classes.ts'
import { IconButton } from '../ui/icon-button.tsx'
import { Menu, MenuItem, MenuLabel, MenuLine } from '../ui/menu.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { useShell } from './shell-context.ts'

type RailProps = { compact?: boolean; onToggle?(): void }

export function Rail({ compact = false, onToggle }: RailProps) {
  const team = useCurrentTeam()
  return (
    <div className="flex h-full flex-col gap-1 p-2">
      <div className={classes('flex gap-1 pb-2', compact ? 'flex-col' : 'items-center')}>
        <TeamSwitcher compact={compact} />
        {onToggle && <CollapseButton compact={compact} onToggle={onToggle} />}
      </div>
      <nav aria-label="Workspace" className="flex min-h-0 flex-1 flex-col gap-0.5 overflow-y-auto">
        {team && (
          <>
            <RailLink compact={compact} to="/t/$teamId" exact icon={House} label="Home" />
            <DeskLink teamId={team.team_id} compact={compact} />
            <RailLink compact={compact} to="/t/$teamId/members" icon={UsersRound} label="Members" />
            {mayRunTeam(team.role) && (
              <RailLink compact={compact} to="/analytics/escalations" icon={ChartColumn} label="Analytics" />
            )}
            <RailProjects teamId={team.team_id} compact={compact} />
          </>
        )}
        <span className="flex-1" />
        <RailLink compact={compact} to="/settings" icon={Settings} label="Settings" />
        <RailLink compact={compact} to="/system" icon={Activity} label="System" />
      </nav>
      {!onToggle && (
        <div className="px-2.5 py-2">
          <ModelBadge />
        </div>
      )}
      <div className="border-t border-line pt-2">
        <PersonMenu compact={compact} />
      </div>
    </div>
  )
}

function CollapseButton({ compact, onToggle }: { compact: boolean; onToggle(): void }) {
  const label = compact ? 'Expand the rail' : 'Collapse the rail'
  const Glyph = compact ? PanelLeftOpen : PanelLeftClose
  return (
    <Tooltip label={label} side="right">
      <IconButton label={label} onClick={onToggle} className={classes(compact && 'mx-auto')}>
        <Glyph className="size-4" aria-hidden />
      </IconButton>
    </Tooltip>
  )
}

type RailLinkProps = {
  compact: boolean
  to: '/t/$teamId' | '/t/$teamId/members' | '/analytics/escalations' | '/settings' | '/system'
  icon: typeof House
  label: string
  exact?: boolean
}

function RailLink({ compact, to, icon: Glyph, label, exact = false }: RailLinkProps) {
  const teamId = useCurrentTeam()?.team_id ?? ''
  const link = (
    <Link
      to={to}
      params={{ teamId }}
      activeOptions={{ exact, includeSearch: false }}
      aria-label={compact ? label : undefined}
      className="flex h-8 shrink-0 items-center gap-2.5 rounded-md px-2.5 text-muted hover:bg-hover hover:text-text aria-[current=page]:bg-hover aria-[current=page]:font-medium aria-[current=page]:text-text pointer-coarse:h-11"
    >
      <Glyph className="size-4 shrink-0" aria-hidden />
      {!compact && <span className="truncate">{label}</span>}
    </Link>
  )
  return compact ? <Hint label={label}>{link}</Hint> : link
}

const Hint = ({ label, children }: { label: string; children: ReactNode }) => (
  <Tooltip label={label} side="right">
    {children}
  </Tooltip>
)

function PersonMenu({ compact }: { compact: boolean }) {
  const { profile } = useUser()
  const { openHelp } = useShell()
  const navigate = useNavigate()
  return (
    <Menu
      side="top"
      trigger={
        <button
          type="button"
          aria-label={compact ? `You: ${profile.display_name}` : undefined}
          className="flex h-10 w-full min-w-0 items-center gap-2.5 rounded-md px-1 text-left hover:bg-hover"
        >
          <Avatar name={profile.display_name} />
          {!compact && (
            <span className="min-w-0 flex-1 truncate">
              <span className="sr-only">You: </span>
              {profile.display_name}
            </span>
          )}
        </button>
      }
    >
      <MenuLabel>{profile.email}</MenuLabel>
      <MenuItem
        icon={<Settings className="size-4" aria-hidden />}
        onSelect={() => navigate({ to: '/settings/profile' })}
      >
        Settings
      </MenuItem>
      <MenuItem icon={<Keyboard className="size-4" aria-hidden />} onSelect={openHelp}>
        Keyboard shortcuts
      </MenuItem>
      <MenuLine />
      <MenuItem icon={<LogOut className="size-4" aria-hidden />} onSelect={() => signOut()}>
        Sign out
      </MenuItem>
    </Menu>
  )
}
