import { useNavigate } from '@tanstack/react-router'
import {
  Archive,
  ArchiveRestore,
  FolderOpen,
  FolderPlus,
  MessageSquare,
  MessageSquarePlus,
  Pencil,
  Search,
} from 'lucide-react'
import type { Chat } from '../../supabase/functions/_shared/protocol.ts'
import { attempt } from '../projects/attempt.ts'
import { openChats, useOpenPlace, useProjectIfLoaded } from '../projects/project.ts'
import { useNewChat } from '../projects/use-new-chat.ts'
import { rpc } from '../rpc.ts'
import { type Shell, useShell } from '../shell/shell-context.ts'
import { useCurrentTeam } from '../teams/current-team.ts'
import { useTeamIfLoaded } from '../teams/team.ts'
import type { Command } from './use-commands.ts'

/** The projects of the team, and the chats of the one that is open. */
export function useProjectCommands(): Command[] {
  const teamId = useCurrentTeam()?.team_id
  const team = useTeamIfLoaded(teamId ?? '')
  const navigate = useNavigate()
  const chatCommands = useChatCommands()
  if (!team) return chatCommands
  const projects = team.projects
    .filter(({ archived_at }) => archived_at === null)
    .map(
      ({ id, name }): Command => ({
        id: `project-${id}`,
        group: 'Projects',
        title: `Open ${name}`,
        icon: FolderOpen,
        run: () => void navigate({ to: '/p/$projectId', params: { projectId: id } }),
      }),
    )
  const create: Command = {
    id: 'new-project',
    group: 'Projects',
    title: 'New project',
    icon: FolderPlus,
    run: () =>
      void navigate({ to: '/t/$teamId', params: { teamId: team.team.id }, search: { create: true } }),
  }
  return [...chatCommands, ...projects, create]
}

function useChatCommands(): Command[] {
  const { projectId, chatId } = useOpenPlace()
  const project = useProjectIfLoaded(projectId)
  const navigate = useNavigate()
  const newChat = useNewChat()
  const shell = useShell()
  if (!project || !projectId) return []
  const open = openChats(project.chats)
  const others = open
    .filter(({ id }) => id !== chatId)
    .map(
      ({ id, title }): Command => ({
        id: `chat-${id}`,
        group: 'Chats',
        title: `Go to ${title}`,
        icon: MessageSquare,
        run: () => void navigate({ to: '/p/$projectId/c/$chatId', params: { projectId, chatId: id } }),
      }),
    )
  const current = project.chats.find(({ id }) => id === chatId)
  return [
    {
      id: 'new-chat',
      group: 'Chats',
      title: `New chat in ${project.project.name}`,
      icon: MessageSquarePlus,
      shortcut: 'new-chat',
      run: () => newChat.mutate(projectId),
    },
    {
      id: 'search-chats',
      group: 'Chats',
      title: 'Search what was said',
      icon: Search,
      shortcut: 'search-chats',
      run: () => shell.openDialog('search'),
    },
    ...others,
    ...(current ? aboutChat(current, shell) : []),
    {
      id: 'archived-chats',
      group: 'Chats',
      title: 'Chats in the archive',
      icon: Archive,
      run: () => shell.openDialog('archive'),
    },
  ]
}

function aboutChat({ id, title, archived_at }: Chat, shell: Shell): Command[] {
  const move = (archived: boolean) =>
    void attempt('The chat was not moved.', () => rpc('archive_chat', { chat_id: id, archived }))
  if (archived_at !== null) {
    return [
      {
        id: 'restore-chat',
        group: 'Chats',
        title: `Take ${title} out of the archive`,
        icon: ArchiveRestore,
        run: () => move(false),
      },
    ]
  }
  return [
    {
      id: 'rename-chat',
      group: 'Chats',
      title: `Rename ${title}`,
      icon: Pencil,
      run: () => shell.openDialog('rename-chat'),
    },
    { id: 'archive-chat', group: 'Chats', title: `Archive ${title}`, icon: Archive, run: () => move(true) },
  ]
}
