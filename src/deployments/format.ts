import type { Build, BuildTrigger } from '../../supabase/functions/_shared/protocol.ts'

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
