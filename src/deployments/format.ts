import type { Build, BuildTrigger } from '../../supabase/functions/_shared/protocol.ts'

/** "38 ms", "1.2 s", "42 s". */
export function durationText(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  return ms < 10_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms / 1_000)} s`
}

/** "812 B", "43 KB", "1.4 MB". */
export function sizeText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`
  if (bytes < 1_000_000) return `${Math.round(bytes / 1_000)} KB`
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}

export const TRIGGERS: Record<BuildTrigger, string> = {
  template: 'A new project',
  run: 'The agent',
  edit: 'An edit',
  restore: 'A restored checkpoint',
  import: 'An import',
  fork: 'A fork',
  variables: 'Changed variables',
  manual: 'Asked for',
  retry: 'Tried again',
  publish: 'Publishing',
}

const REASONS: Record<string, string> = {
  errors: 'It does not build',
  dead: 'The builder stopped',
  newer: 'A newer one took its place',
  rolled_back: 'Rolled back meanwhile',
  unpublished: 'Unpublished meanwhile',
  timeout: 'Took too long',
  too_large: 'Too large',
  internal: 'The builder went wrong',
}

export const reasonOf = ({ reason }: Pick<Build, 'reason'>) => reason && (REASONS[reason] ?? reason)
