/**
 * Hosted Supabase ends a function after two seconds of computing. Here nobody counts, but one that computes without end
 * answers nothing any more, not even us, who want nothing: such a process is ended, and its successor takes over.
 */
import { request } from 'node:http'

const EVERY_MS = 2_000

export type Pulse = { stop(): void }

export function watchPulse(port: number, timeoutMs: number, onLost: () => void): Pulse {
  let asking = false
  const beat = () => {
    if (asking) return
    asking = true
    const done = () => {
      asking = false
    }
    request({ host: '127.0.0.1', port, agent: false, timeout: timeoutMs }, (answer) => answer.resume())
      .on('timeout', onLost)
      .on('error', done) // a process that is gone is noticed elsewhere
      .on('close', done)
      .end()
  }
  const timer = setInterval(beat, Math.min(EVERY_MS, timeoutMs))
  return { stop: () => clearInterval(timer) }
}
