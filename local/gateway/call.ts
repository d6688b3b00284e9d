/** What the libraries below the gateway do not hand down to the place where it is needed, kept per request. */
import { AsyncLocalStorage } from 'node:async_hooks'

export type Claims = { role?: unknown; sub?: unknown; [claim: string]: unknown }

export type Call = {
  method: string
  /** The path below the service: `/teams`, `/rpc/create_team`. */
  path: string
  headers: Record<string, string>
  /** Null when nobody has identified themselves. */
  claims: Claims | null
  keyType: 'publishable' | 'secret' | null
  /** Where a mail's link shall lead in the end. */
  redirectTo: string | null
}

const calls = new AsyncLocalStorage<Call>()

export const duringCall = <Result>(call: Call, run: () => Result): Result => calls.run(call, run)
export const currentCall = (): Call | undefined => calls.getStore()
