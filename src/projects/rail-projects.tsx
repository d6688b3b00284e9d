import { Link } from '@tanstack/react-router'
import { FolderPlus, MessageSquarePlus, Search } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { Project } from '../../supabase/functions/_shared/protocol.ts'
import { useFeed } from '../feed/index.ts'
import { FacesInChat } from '../people/faces.tsx'
import { useUserId } from '../session/user.ts'
import { useShell } from '../shell/shell-context.ts'
import { useTeamIfLoaded } from '../teams/team.ts'
import { teamFeed } from '../teams/team-feed.ts'
import { Avatar } from '../ui/avatar.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { CreateProjectDialog } from './create-project-dialog.tsx'
import { LiveMarker } from './live-marker.tsx'
import { archivedChats, openChats, useOpenPlace, useProjectIfLoaded } from './project.ts'
import { useNewChat } from './use-new-chat.ts'

/** The projects of the team, and the chats of the one that is open. */
export function RailProjects({ teamId, compact }: { teamId: string; compact: boolean }) {
  useFeed(teamFeed(teamId, useUserId()))
  const projects = useOpenProjects(teamId)
  const [creating, setCreating] = useState(false)
  if (!projects) return null
  const dialog = creating && <CreateProjectDialog teamId={teamId} onClose={() => setCreating(false)} />
  if (compact) {
    return (
      <ul className="flex flex-col items-center gap-1 pt-2">
        {projects.map((project) => (
          <CompactProject key={project.id} project={project} />
        ))}
        {dialog}
      </ul>
    )
  }
  return (
    <div className="flex flex-col gap-0.5 pt-4">
      <div className="flex items-center justify-between pl-2.5 text-xs text-faint">
        <h2>Projects</h2>
        <IconButton label="New project" onClick={() => setCreating(true)} className="size-7">
          <FolderPlus className="size-4" aria-hidden />
        </IconButton>
      </div>
      <ul className="flex flex-col gap-0.5">
        {projects.map((project) => (
          <RailProject key={project.id} project={project} />
        ))}
      </ul>
      {dialog}
    </div>
  )
}

/** By name, without those in the archive, except the one that is open. */
function useOpenProjects(teamId: string): Project[] | undefined {
  const { projectId } = useOpenPlace()
  return useTeamIfLoaded(teamId)
    ?.projects.filter(({ id, archived_at }) => archived_at === null || id === projectId)
    .sort((one, other) => one.name.localeCompare(other.name))
}

const ROW =
  'flex h-8 min-w-0 flex-1 items-center gap-2 rounded-md text-muted hover:bg-hover hover:text-text aria-[current=page]:bg-hover aria-[current=page]:font-medium aria-[current=page]:text-text pointer-coarse:h-11'

function RailProject({ project }: { project: Project }) {
  const { projectId } = useOpenPlace()
  const isOpen = projectId === project.id
  const newChat = useNewChat()
  const { openDialog } = useShell()
  return (
    <li>
      <div className="flex items-center">
        <Link
          to="/p/$projectId"
          params={{ projectId: project.id }}
          activeOptions={{ exact: true }}
          className={`${ROW} px-2.5 ${isOpen ? 'text-text' : ''}`}
        >
          <span className="truncate">{project.name}</span>
        </Link>
        {isOpen && (
          <IconButton label={`Search the chats of ${project.name}`} onClick={() => openDialog('search')}>
            <Search className="size-4" aria-hidden />
          </IconButton>
        )}
        {isOpen && (
          <IconButton label={`New chat in ${project.name}`} onClick={() => newChat.mutate(project.id)}>
            <MessageSquarePlus className="size-4" aria-hidden />
          </IconButton>
        )}
      </div>
      {isOpen && <RailChats projectId={project.id} />}
    </li>
  )
}

function RailChats({ projectId }: { projectId: string }) {
  const project = useProjectIfLoaded(projectId)
  const chats = openChats(project?.chats ?? [])
  const archived = archivedChats(project?.chats ?? []).length
  const { openDialog } = useShell()
  const list = useRef<HTMLUListElement>(null)
  const { chatId } = useOpenPlace()
  const isOpenListed = chats.some(({ id }) => id === chatId)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each time that another one is open
  useEffect(() => {
    if (isOpenListed)
      list.current?.querySelector('[aria-current="page"]')?.scrollIntoView({ block: 'nearest' })
  }, [chatId, isOpenListed])
  return (
    <ul ref={list} aria-label="Chats" className="ml-4 flex flex-col gap-0.5 border-l border-line pl-1.5">
      {chats.map((chat) => (
        <li key={chat.id} className="flex">
          <Link
            to="/p/$projectId/c/$chatId"
            params={{ projectId, chatId: chat.id }}
            className={`${ROW} px-2`}
          >
            <span className="min-w-0 flex-1 truncate">{chat.title}</span>
            <FacesInChat projectId={projectId} chatId={chat.id} />
            <LiveMarker runs={project?.runs ?? []} chatId={chat.id} />
          </Link>
        </li>
      ))}
      {archived > 0 && (
        <li className="flex">
          <button type="button" onClick={() => openDialog('archive')} className={`${ROW} px-2 text-xs`}>
            In the archive <span className="tabular text-faint">{archived}</span>
          </button>
        </li>
      )}
    </ul>
  )
}

function CompactProject({ project }: { project: Project }) {
  return (
    <li>
      <Tooltip label={project.name} side="right">
        <Link
          to="/p/$projectId"
          params={{ projectId: project.id }}
          aria-label={project.name}
          className="flex size-9 items-center justify-center rounded-md hover:bg-hover aria-[current=page]:bg-hover"
        >
          <Avatar name={project.name} shape="square" className="size-6" />
        </Link>
      </Tooltip>
    </li>
  )
}
