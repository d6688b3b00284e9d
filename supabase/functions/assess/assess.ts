/**
 * One assessment: claims it, has the model write it, and puts what is written into the row as it comes. It may end
 * anywhere: the lease then runs out, and another worker begins anew. Nobody waits for it.
 */
import type { Log } from '../_shared/log.ts'
import type { ClaimedAssessment } from '../_shared/protocol.ts'
import type { Connections } from '../agent/connections.ts'
import type { Model } from '../agent/model.ts'
import { faultOf, ModelError, type ModelFault } from '../agent/model-fault.ts'
import { type Charge, chargeFor, NO_USAGE } from '../agent/prices.ts'
import { isWhole, readFindings } from './read-findings.ts'
import { requestFor } from './request.ts'
import { type AssessmentRows, claimAssessment, isStale, openAssessment } from './rows.ts'

export type AssessWorld = {
  connections: Connections
  model: Model
  modelName: string
  /** Aborted when this process is about to end. */
  leaving: AbortSignal
}

export type AssessEnd = 'nothing to claim' | 'done' | 'failed' | 'tried again later' | 'lease lost'

const LEASE_SECONDS = 15
const WRITE_EVERY_MS = 250

export async function assess(
  escalationId: string | null,
  worker: string,
  world: AssessWorld,
  log: Log,
): Promise<AssessEnd> {
  const { sql, release } = world.connections.take()
  try {
    const claim = await claimAssessment(sql, escalationId, worker, LEASE_SECONDS)
    if (!claim) return 'nothing to claim'
    const rows = openAssessment(sql, claim, LEASE_SECONDS)
    return await carryOut(
      claim,
      rows,
      world,
      log.with({ escalation: claim.escalation.id, token: claim.token }),
    )
  } finally {
    release()
  }
}

async function carryOut(
  claim: ClaimedAssessment,
  rows: AssessmentRows,
  world: AssessWorld,
  log: Log,
): Promise<AssessEnd> {
  const lost = new AbortController()
  const heartbeat = setInterval(
    () => rows.write(null).catch((error) => lost.abort(error)),
    (LEASE_SECONDS * 1_000) / 3,
  )
  try {
    const signal = AbortSignal.any([world.leaving, lost.signal])
    const { text, charge } = await listen(claim, rows, world, signal)
    const findings = readFindings(text)
    if (!isWhole(findings)) throw new ModelError(UNREADABLE)
    await rows.finish(findings, world.modelName, charge)
    return 'done'
  } catch (error) {
    if (isStale(error) || lost.signal.aborted) return 'lease lost'
    return await fail(error, claim, rows, log)
  } finally {
    clearInterval(heartbeat)
  }
}

const UNREADABLE = faultOf(
  'unreadable_answer',
  'The model did not say what it thinks in a form that can be read.',
)

/** Writes what there is every now and then, one write after the other. */
async function listen(
  claim: ClaimedAssessment,
  rows: AssessmentRows,
  { model, modelName }: AssessWorld,
  signal: AbortSignal,
): Promise<{ text: string; charge: Charge }> {
  let text = ''
  let usage = NO_USAGE
  let writtenAt = 0
  const texts = new Set<number>()
  for await (const event of model.answer(requestFor(claim, modelName), signal)) {
    if (event.kind === 'began' || event.kind === 'ended') usage = event.usage
    if (event.kind === 'opened' && event.block.kind === 'text') texts.add(event.index)
    if (event.kind !== 'grew' || !texts.has(event.index)) continue
    text += event.text
    if (Date.now() - writtenAt < WRITE_EVERY_MS) continue
    await rows.write(readFindings(text))
    writtenAt = Date.now()
  }
  return { text, charge: chargeFor(modelName, usage) }
}

async function fail(
  error: unknown,
  { assessment }: ClaimedAssessment,
  rows: AssessmentRows,
  log: Log,
): Promise<AssessEnd> {
  const fault = faultBehind(error)
  log.warn('an assessment failed', { error, fault: fault.type })
  const delayMs = fault.retryAfterMs ?? 2_000 * 2 ** assessment.attempts
  try {
    const state = await rows.fail(fault, fault.retryable ? new Date(Date.now() + delayMs) : null)
    return state === 'failed' ? 'failed' : 'tried again later'
  } catch (last) {
    if (isStale(last)) return 'lease lost'
    throw last
  }
}

function faultBehind(error: unknown): ModelFault {
  if (error instanceof ModelError) return error.fault
  const message = error instanceof Error ? error.message : String(error)
  return faultOf('internal_error', message)
}
