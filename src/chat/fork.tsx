import { useNavigate } from '@tanstack/react-router'
import { GitFork } from 'lucide-react'
import { useState } from 'react'
import { attempt } from '../projects/attempt.ts'
import { rpc } from '../rpc.ts'
import { useUserId } from '../session/user.ts'
import { IconButton } from '../ui/icon-button.tsx'
import { useChatPlace } from './chat.ts'
import { writeDraft } from './drafts.ts'
import type { Draft } from './outbox.ts'

/**
 * Makes another chat of what was said up to a turn, and goes there. From a message it is what was said before, with the
 * message as a draft: to say it differently without losing what came of it.
 */
export function ForkButton({ turn, draft }: { turn: number; draft?: Draft }) {
  const { chatId } = useChatPlace()
  const userId = useUserId()
  const navigate = useNavigate()
  const [isGoing, setGoing] = useState(false)
  const fork = async () => {
    setGoing(true)
    await attempt('The chat was not forked.', async () => {
      const { id, project_id } = await rpc('fork_chat', { chat_id: chatId, turn })
      if (draft) writeDraft(userId, id, draft)
      await navigate({ to: '/p/$projectId/c/$chatId', params: { projectId: project_id, chatId: id } })
    })
    setGoing(false)
  }
  return (
    <IconButton label="Fork the chat from here" onClick={fork} disabled={isGoing} className="size-7">
      <GitFork className="size-3.5" aria-hidden />
    </IconButton>
  )
}
