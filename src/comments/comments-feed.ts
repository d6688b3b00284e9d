import type { CommentsSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import type { FeedSpec } from '../feed/index.ts'
import { rpc } from '../rpc.ts'
import { applyCommentEvent } from './comment-changes.ts'

/** What people say to each other in a project: another fold over its topic, in the same channel. */
export function commentsFeed(projectId: string): FeedSpec<CommentsSnapshot> {
  return {
    topic: `project:${projectId}`,
    queryKey: ['comments', projectId],
    load: (signal) => rpc('comments_snapshot', { project_id: projectId }, signal),
    apply: applyCommentEvent,
  }
}
