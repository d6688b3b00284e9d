/** How the parts are, asked all at once and remembered for a moment, so that asking often costs nothing. */
import { Refusal } from '../http/refusal.ts'

type PartHealth = { state: 'up' | 'down'; detail?: string; latencyMs: number }
export type Health = { status: 'ok' | 'degraded'; parts: Record<string, PartHealth> }
export type Probes = Record<string, (signal: AbortSignal) => Promise<void>>

export function createHealth(probes: Probes, { timeoutMs = 1_000, rememberMs = 250 } = {}) {
  let known: { at: number; health: Promise<Health> } | undefined
  return (): Promise<Health> => {
    if (!known || performance.now() - known.at > rememberMs) {
      known = { at: performance.now(), health: examine(probes, timeoutMs) }
    }
    return known.health
  }
}

async function examine(probes: Probes, timeoutMs: number): Promise<Health> {
  const entries = await Promise.all(
    Object.entries(probes).map(async ([name, probe]) => [name, await ask(probe, timeoutMs)] as const),
  )
  const isUp = entries.every(([, { state }]) => state === 'up')
  return { status: isUp ? 'ok' : 'degraded', parts: Object.fromEntries(entries) }
}

async function ask(probe: Probes[string], timeoutMs: number): Promise<PartHealth> {
  const start = performance.now()
  const latencyMs = () => Math.round((performance.now() - start) * 10) / 10
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    await Promise.race([probe(signal), whenAborted(signal, timeoutMs)])
    return { state: 'up', latencyMs: latencyMs() }
  } catch (error) {
    return { state: 'down', detail: reasonOf(error), latencyMs: latencyMs() }
  }
}

const whenAborted = (signal: AbortSignal, timeoutMs: number) =>
  new Promise<never>((_, fail) => {
    signal.addEventListener('abort', () => fail(new Error(`no answer within ${timeoutMs} ms`)))
  })

function reasonOf(error: unknown): string {
  if (error instanceof Refusal) return error.message
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause as NodeJS.ErrnoException | undefined
  return cause?.code === 'ECONNREFUSED' ? 'nobody listens on its port' : (cause?.message ?? error.message)
}

/** Up is whoever answers; an error of its own making is not. */
export const answersHttp = (url: string) => async (signal: AbortSignal) => {
  const response = await fetch(url, { signal, redirect: 'manual' })
  await response.body?.cancel()
  if (response.status >= 500) throw new Error(`answers ${response.status}`)
}
