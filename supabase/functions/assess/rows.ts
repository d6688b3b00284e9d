/** The SQL functions of this worker. Each write carries the token of the claim; a stale one gets BT061. */
import type postgres from 'postgres'
import type { ClaimedAssessment } from '../_shared/protocol.ts'
import type { Charge } from '../agent/prices.ts'
import { Refused, refusalOf } from '../agent/refusal.ts'
import { storable } from '../agent/storable.ts'
import type { Findings } from './read-findings.ts'

export const isStale = (error: unknown) => error instanceof Refused && error.code === 'BT061'

export async function claimAssessment(
  sql: postgres.Sql,
  escalationId: string | null,
  worker: string,
  leaseSeconds: number,
): Promise<ClaimedAssessment | null> {
  return await answer(sql<{ answer: ClaimedAssessment | null }[]>`
    select public.claim_assessment(escalation_id => ${escalationId}::uuid, worker => ${worker},
      lease_seconds => ${leaseSeconds}::int) as answer`)
}

export type AssessmentRows = ReturnType<typeof openAssessment>

export function openAssessment(
  sql: postgres.Sql,
  { escalation, token }: ClaimedAssessment,
  leaseSeconds: number,
) {
  const json = (value: unknown) => sql.json(storable(value) as postgres.JSONValue)
  return {
    /** Null only says that it is still being worked on. */
    write: (findings: Findings | null) =>
      answer(sql<{ answer: null }[]>`
        select public.write_assessment(escalation_id => ${escalation.id}::uuid, token => ${token}::bigint,
          findings => ${findings && json(findings)}::jsonb, lease_seconds => ${leaseSeconds}::int) as answer`),

    finish: (findings: Findings, model: string, { usage, cost }: Charge) =>
      answer(sql<{ answer: null }[]>`
        select public.finish_assessment(escalation_id => ${escalation.id}::uuid, token => ${token}::bigint,
          findings => ${json(findings)}, model => ${model}, usage => ${json(usage)},
          cost_usd => ${cost}::numeric) as answer`),

    fail: (error: unknown, retryAt: Date | null) =>
      answer(sql<{ answer: 'pending' | 'failed' }[]>`
        select public.fail_assessment(escalation_id => ${escalation.id}::uuid, token => ${token}::bigint,
          error => ${json(error)}, retry_at => ${retryAt}::timestamptz) as answer`),
  }
}

async function answer<Answer>(query: PromiseLike<Iterable<{ answer: Answer }>>): Promise<Answer> {
  try {
    const [row] = await query
    return row!.answer
  } catch (error) {
    throw refusalOf(error)
  }
}
