import type { ClaimConflict } from '../../supabase/functions/_shared/protocol.ts'
import type { BatonError } from '../errors.ts'
import { relativeTime } from '../ui/relative-time.ts'

export function conflictOf(error: BatonError): ClaimConflict | null {
  if (error.code !== 'PT409') return null
  const details = Object(error.details) as Partial<ClaimConflict>
  return 'claimed_by_name' in details ? (details as ClaimConflict) : null
}

export function sentenceOfConflict({ claimed_by_name, claimed_at }: ClaimConflict, now: number): string {
  if (!claimed_by_name || !claimed_at) return 'It was taken back before anybody claimed it.'
  return `Already claimed by ${claimed_by_name} ${relativeTime(Date.parse(claimed_at), now)}.`
}
