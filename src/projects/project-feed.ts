import type { ProjectSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import type { FeedSpec } from '../feed/index.ts'
import { rpc } from '../rpc.ts'
import { applyProjectEvent } from './project-changes.ts'

/** The project itself: its chats, files, checkpoints and living runs. Each open chat is another fold of this topic. */
export function projectFeed(projectId: string): FeedSpec<ProjectSnapshot> {
  return {
    topic: `project:${projectId}`,
    queryKey: ['project', projectId],
    load: (signal) => rpc('project_snapshot', { project_id: projectId }, signal),
    apply: applyProjectEvent,
  }
}
