import type { RunRows } from '../_shared/protocol.ts'
import { afterFault } from './backoff.ts'
import type { Driver, End, Memory } from './driver.ts'
import type { ModelFault } from './model-fault.ts'
import { timeLeftMs } from './should-hand-over.ts'

/** Waits and tries again, leaves that to a later worker, or calls somebody and waits. */
export async function bear(
  fault: ModelFault,
  state: RunRows,
  memory: Memory,
  driver: Driver,
): Promise<End | null> {
  const { rows, world, signal, log } = driver
  const { startedAt, settings } = world
  const inARow = state.run.model_faults + 1
  const changed = changeRequest(fault, memory)
  const left = timeLeftMs({ startedAt, now: Date.now(), wallMs: settings.wallMs })
  const after = afterFault(changed ? { ...fault, retryable: true, retryAfterMs: 1 } : fault, inARow, left)
  const retryAt = after.kind === 'give_up' ? null : new Date(Date.now() + after.delayMs)
  log.warn('the model failed', { fault: fault.type, message: fault.message, inARow, next: after.kind })
  await rows.noteFault(fault, retryAt)
  switch (after.kind) {
    case 'retry':
      await pause(after.delayMs, signal)
      return null
    case 'hand_over':
      await rows.handOver(retryAt)
      return 'handed over'
    case 'give_up':
      await rows.raiseAndWait(fault)
      return 'waits for a person'
  }
}

/** Two refusals of a request can be helped by another request; each is tried once. */
function changeRequest({ status, message }: ModelFault, memory: Memory): boolean {
  if (status !== 400 && status !== 413) return false
  if (/thinking/i.test(message) && !memory.withoutThinking) {
    memory.withoutThinking = true
    return true
  }
  if ((status === 413 || /too long|context/i.test(message)) && !memory.tooLong) {
    memory.tooLong = true
    return true
  }
  return false
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((settle, reject) => {
    const timer = setTimeout(settle, ms)
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        reject(signal.reason)
      },
      { once: true },
    )
  })
}
