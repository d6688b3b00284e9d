/**
 * Drives one run for as long as this process may live: reads the rows, asks the kernel what comes next, does it, and
 * looks again. Everything that matters is in rows before the next look, so it may end anywhere.
 *
 * It ends by itself when the run is done or waits, when its time is nearly up (then it hands over), and when `broken`
 * says that its writes no longer count: another worker has the lease, a person pressed stop, the database is away. In
 * that case it stops at once, leaves everything as it is, and whoever claims the run settles what is left.
 */
import type { Log } from '../_shared/log.ts'
import type { ClaimedRun } from '../_shared/protocol.ts'
import type { Driver, End, World } from './driver.ts'
import { keepGoing } from './keep-going.ts'
import { isLeaseLost, isOutOfStep } from './refusal.ts'
import { claimRun, openRows, type Rows } from './rows.ts'
import { isAway } from './run-tools.ts'
import { timeLeftMs } from './should-hand-over.ts'

export async function drive(runId: string | null, worker: string, world: World, log: Log): Promise<End> {
  const { sql, release } = world.connections.take()
  try {
    const claim = await claimRun(sql, runId, worker, world.settings.leaseSeconds, world.pass)
    if (!claim) return 'nothing to claim'
    const rows = openRows(sql, claim, world.pass)
    return await driveClaimed(claim, rows, world, log.with({ run: claim.run.id, token: claim.token }))
  } catch (error) {
    if (!isAway(error)) throw error
    log.warn('the database is away', { error })
    return 'database away'
  } finally {
    release()
  }
}

async function driveClaimed(claim: ClaimedRun, rows: Rows, world: World, log: Log): Promise<End> {
  const { settings, leaving, startedAt } = world
  const broken = new AbortController()
  const onBroken = (error: unknown) => broken.abort(error)
  const timeIsUp = AbortSignal.timeout(timeLeftMs({ startedAt, now: Date.now(), wallMs: settings.wallMs }))
  const signal = AbortSignal.any([broken.signal, timeIsUp, leaving])
  const heartbeat = setInterval(
    () => rows.extendLease(settings.leaseSeconds).catch(onBroken),
    (settings.leaseSeconds * 1_000) / 4,
  )
  const driver = { claim, rows, world, signal, onBroken, log }
  const ranOut = () => timeIsUp.aborted && !leaving.aborted
  try {
    return await keepGoing(driver)
  } catch (error) {
    const reason = broken.signal.aborted ? broken.signal.reason : error
    const goesOn = isOutOfStep(reason) || (signal.aborted && !broken.signal.aborted)
    return await endBy(reason, goesOn && (ranOut() ? 'out_of_time' : 'interrupted'), driver)
  } finally {
    clearInterval(heartbeat)
  }
}

/** `goesOn`: it was merely time, or somebody else will see more clearly. Else the fault is ours, and stays. */
async function endBy(
  error: unknown,
  goesOn: 'out_of_time' | 'interrupted' | false,
  { rows, onBroken, log }: Driver,
): Promise<End> {
  if (isLeaseLost(error)) return 'lease lost'
  if (isAway(error)) {
    log.warn('the database is away', { error })
    return 'database away'
  }
  onBroken(error)
  try {
    if (goesOn) await rows.handOver(null, goesOn)
    else await failWith(error, rows, log)
    return goesOn ? 'handed over' : 'failed'
  } catch (last) {
    if (isLeaseLost(last)) return 'lease lost'
    throw last
  }
}

async function failWith(error: unknown, rows: Rows, log: Log): Promise<void> {
  log.error('the run failed by a mistake of ours', { error })
  const { name, message, stack, cause } = error instanceof Error ? error : new Error(String(error))
  await rows.finishRun('failed', 'internal_error', {
    type: 'internal_error',
    name,
    message,
    stack: stack ?? null,
    cause: cause === undefined ? null : String(cause),
  })
}
