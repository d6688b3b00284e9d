import { Link } from '@tanstack/react-router'
import { Archive, ArchiveRestore } from 'lucide-react'
import { useState } from 'react'
import type { Chat } from '../../supabase/functions/_shared/protocol.ts'
import { rpc } from '../rpc.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { attempt } from './attempt.ts'
import { archivedChats, useProjectIfLoaded } from './project.ts'

/** The chats of a project that were put away: to read, and to take out again. */
export function ArchivedChats({ projectId, onClose }: { projectId: string; onClose(): void }) {
  const chats = archivedChats(useProjectIfLoaded(projectId)?.chats ?? [])
  return (
    <Dialog title="Chats in the archive" onClose={onClose} className="max-w-lg">
      {chats.length === 0 ? (
        <EmptyState icon={<Archive className="size-8" aria-hidden />} title="Nothing is in the archive">
          A chat that is archived is out of the way. Nothing of it is lost, and it can be taken out at any
          time.
        </EmptyState>
      ) : (
        <ul className="max-h-[60vh] divide-y divide-line overflow-y-auto rounded-lg border border-line">
          {chats.map((chat) => (
            <ArchivedChat key={chat.id} chat={chat} onOpen={onClose} />
          ))}
        </ul>
      )}
    </Dialog>
  )
}

function ArchivedChat({ chat, onOpen }: { chat: Chat; onOpen(): void }) {
  const [pending, setPending] = useState(false)
  const restore = async () => {
    setPending(true)
    const send = () => rpc('archive_chat', { chat_id: chat.id, archived: false })
    if (!(await attempt('The chat was not taken out.', send))) setPending(false)
  }
  return (
    <li className="flex items-center gap-3 py-1.5 pr-2 pl-3">
      <Link
        to="/p/$projectId/c/$chatId"
        params={{ projectId: chat.project_id, chatId: chat.id }}
        onClick={onOpen}
        className="flex min-w-0 flex-1 flex-col rounded-md py-1 hover:text-text"
      >
        <span className="truncate font-medium">{chat.title}</span>
        <span className="text-xs text-faint">
          archived <TimeAgo at={chat.archived_at ?? chat.created_at} />
        </span>
      </Link>
      <Button onClick={restore} pending={pending} aria-label={`Take out ${chat.title}`}>
        <ArchiveRestore className="size-4" aria-hidden />
        Take out
      </Button>
    </li>
  )
}
