/** Who calls. Functions check it themselves, since new keys are no JWT that a gateway could check for them. */
import type { JwtPayload } from '@supabase/supabase-js'
import { anonymousClient } from './db.ts'
import { optional, secretKeys } from './environment.ts'
import { BatonError, ERRORS } from './errors.ts'

export type Caller = { id: string; email: string | null; token: string }

/** The signed-in person. Verified here where the project has public keys (SUPABASE_JWKS), else by the auth server. */
export async function requireUser(request: Request): Promise<Caller> {
  const token = /^Bearer (.+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
  if (!token) throw new BatonError('BT001', ERRORS.BT001)
  const claims = await verifiedClaims(token)
  if (!claims.sub || claims.role !== 'authenticated') throw new BatonError('BT001', ERRORS.BT001)
  return { id: claims.sub, email: claims.email || null, token }
}

async function verifiedClaims(token: string): Promise<JwtPayload> {
  const jwks = optional('SUPABASE_JWKS')
  const { data, error } = await anonymousClient()
    .auth.getClaims(token, jwks ? { jwks: JSON.parse(jwks) } : {})
    .catch((error: unknown) => ({ data: null, error }))
  if (!data) throw new BatonError('BT001', ERRORS.BT001, { cause: error })
  return data.claims
}

/** Another part of Baton: the database, the ticker, a function. */
export async function requireSecret(request: Request): Promise<void> {
  const shown = request.headers.get('apikey') ?? ''
  const matches = await Promise.all(secretKeys().map((key) => isSame(shown, key)))
  if (!matches.includes(true)) throw new BatonError('BT002', 'This function is for Baton itself.')
}

/** Takes as long for a near miss as for any other, so that time tells nothing about the key. */
async function isSame(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([one, other].map(digest))
  return a!.reduce((difference, byte, index) => difference | (byte ^ b![index]!), 0) === 0
}

async function digest(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
}
