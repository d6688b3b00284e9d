import type { Thread } from '../../supabase/functions/_shared/protocol.ts'
import { rpc } from '../rpc.ts'
import { CommentBox } from './comment-box.tsx'
import { ThreadView } from './thread-view.tsx'

type EntryThreadsProps = {
  projectId: string
  entryId: string
  threads: readonly Thread[]
  isReadOnly: boolean
  onClose(): void
}

/** Under the entry that it is about. */
export function EntryThreads({ projectId, entryId, threads, isReadOnly, onClose }: EntryThreadsProps) {
  return (
    <div className="mt-2 flex max-w-xl flex-col gap-2">
      {threads.map((thread) => (
        <ThreadView key={thread.id} projectId={projectId} thread={thread} isReadOnly={isReadOnly} />
      ))}
      {threads.length === 0 && !isReadOnly && (
        <div className="rounded-md border border-line bg-surface px-3 py-2.5">
          <CommentBox
            projectId={projectId}
            label="New comment"
            placeholder="Say something to your team; the agent does not read it"
            action="Comment"
            autoFocus
            send={(body, clientId) =>
              rpc('add_comment', { project_id: projectId, body, client_id: clientId, entry_id: entryId })
            }
            onCancel={onClose}
          />
        </div>
      )}
    </div>
  )
}
