import { Navigate } from '@tanstack/react-router'
import { MessageSquarePlus } from 'lucide-react'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Logo } from '../ui/logo.tsx'
import { openChats, useProject } from './project.ts'
import { useNewChat } from './use-new-chat.ts'

/** `/p/<project>`: on to its newest chat, or to the first one. */
export function ProjectHomePage() {
  const { project, chats } = useProject()
  const newChat = useNewChat()
  const [newest] = openChats(chats)
  if (newest) {
    return (
      <Navigate
        to="/p/$projectId/c/$chatId"
        params={{ projectId: project.id, chatId: newest.id }}
        search={(before) => before}
        replace
      />
    )
  }
  return (
    <main className="min-h-0 flex-1 overflow-y-auto">
      <EmptyState
        icon={<Logo className="size-10" />}
        title={`What shall ${project.name} be?`}
        action={
          <Button look="primary" pending={newChat.isPending} onClick={() => newChat.mutate(project.id)}>
            <MessageSquarePlus className="size-4" aria-hidden />
            Start a chat
          </Button>
        }
      >
        A chat is where you say what you want and watch the agent build it. Your team sees every step, and can
        join in.
      </EmptyState>
    </main>
  )
}
