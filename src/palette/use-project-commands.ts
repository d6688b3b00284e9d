import { useNavigate } from '@tanstack/react-router'
import { Archive, FolderOpen, FolderPlus, MessageSquare, MessageSquarePlus } from 'lucide-react'
import { attempt } from '../projects/attempt.ts'
import { openChats, useOpenPlace, useProjectIfLoaded } from '../projects/project.ts'
import { useNewChat } from '../projects/use-new-chat.ts'
import { rpc } from '../rpc.ts'
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
  const current = open.find(({ id }) => id === chatId)
  const archive: Command[] = current
    ? [
        {
          id: 'archive-chat',
          group: 'Chats',
          title: `Archive ${current.title}`,
          icon: Archive,
          run: () =>
            void attempt('The chat was not moved.', () =>
              rpc('archive_chat', { chat_id: current.id, archived: true }),
            ),
        },
      ]
    : []
  return [
    {
      id: 'new-chat',
      group: 'Chats',
      title: `New chat in ${project.project.name}`,
      icon: MessageSquarePlus,
      shortcut: 'new-chat',
      run: () => newChat.mutate(projectId),
    },
    ...others,
    ...archive,
  ]
}
