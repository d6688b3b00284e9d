import type { BatonEvent, Build, BuildSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import type { FeedSpec } from '../feed/index.ts'
import { rpc } from '../rpc.ts'

/**
 * One build with all its errors and its log. Events carry the first errors alone, so that each step of the build has a
 * snapshot of its own; within a step the log grows.
 */
export function buildFeed({ id, project_id, state, type_error_count }: Build): FeedSpec<BuildSnapshot> {
  return {
    topic: `project:${project_id}`,
    queryKey: ['build', id, state, type_error_count],
    load: (signal) => rpc('build_snapshot', { build_id: id }, signal),
    apply: (build, event) => applyProgress(build, event),
  }
}

function applyProgress(snapshot: BuildSnapshot, event: BatonEvent): BuildSnapshot {
  if (event.kind !== 'build.progress' || event.payload.id !== snapshot.build.id) return snapshot
  return { ...snapshot, log: [...snapshot.log, ...event.payload.lines] }
}
