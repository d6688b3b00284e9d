import { Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { Comment } from '../../supabase/functions/_shared/protocol.ts'
import { nameOf } from '../people/faces.tsx'
import { Said } from '../people/said.tsx'
import { attempt } from '../projects/attempt.ts'
import { rpc } from '../rpc.ts'
import { useUserId } from '../session/user.ts'
import { Avatar } from '../ui/avatar.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { CommentBox } from './comment-box.tsx'

type CommentViewProps = { projectId: string; comment: Comment; isReadOnly: boolean }

export function CommentView({ projectId, comment, isReadOnly }: CommentViewProps) {
  const { id, author, body, mentions, created_at, edited_at } = comment
  const isMine = useUserId() === author
  const [isEditing, setEditing] = useState(false)
  const name = nameOf(author)
  if (isEditing) {
    return (
      <CommentBox
        projectId={projectId}
        label="Your comment"
        action="Save"
        text={body}
        autoFocus
        send={(now) => rpc('edit_comment', { comment_id: id, body: now })}
        onSent={() => setEditing(false)}
        onCancel={() => setEditing(false)}
      />
    )
  }
  return (
    <article aria-label={`${name} commented`} className="group/comment flex gap-2">
      <Avatar name={name} className="size-5! text-[9px]!" />
      <div className="min-w-0 flex-1">
        <div className="flex min-h-5 items-center gap-2">
          <span className="truncate font-medium">{name}</span>
          <span className="shrink-0 text-xs text-faint">
            <TimeAgo at={created_at} />
            {edited_at && <span title="It was changed after it was written"> · edited</span>}
          </span>
          {isMine && !isReadOnly && (
            <span className="-my-1 ml-auto flex opacity-0 group-focus-within/comment:opacity-100 group-hover/comment:opacity-100 pointer-coarse:opacity-100">
              <IconButton label="Edit the comment" onClick={() => setEditing(true)} className="size-6!">
                <Pencil className="size-3.5" aria-hidden />
              </IconButton>
              <IconButton
                label="Delete the comment"
                onClick={() =>
                  void attempt('The comment was not deleted.', () =>
                    rpc('delete_comment', { comment_id: id }),
                  )
                }
                className="size-6!"
              >
                <Trash2 className="size-3.5" aria-hidden />
              </IconButton>
            </span>
          )}
        </div>
        <p className="whitespace-pre-wrap wrap-anywhere">
          <Said text={body} mentions={mentions} />
        </p>
      </div>
    </article>
  )
}
