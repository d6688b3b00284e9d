/** Who is asking: an opaque key, or a token that this stack signed. */
import { timingSafeEqual } from 'node:crypto'
import { decodeProtectedHeader, errors, jwtVerify } from 'jose'
import type { StackKeys } from '../config.ts'

export type Claims = { role: string; exp: number } & Record<string, unknown>
export type TokenCode = 'InvalidJWTToken' | 'MalformedJWT' | 'JwtSignatureError' | 'JwtSignerError'
export type Verdict = { ok: true; claims: Claims } | { ok: false; code: TokenCode; message: string }

const ALGORITHMS = ['HS256', 'HS384', 'HS512']
const TEN_YEARS_IN_SECONDS = 10 * 365 * 24 * 3600

export class Tokens {
  readonly #keys: Pick<StackKeys, 'publishable' | 'secret'>
  readonly #secret: Uint8Array

  constructor(keys: StackKeys) {
    this.#keys = keys
    this.#secret = new TextEncoder().encode(keys.jwtSecret)
  }

  async verify(token: string): Promise<Verdict> {
    const role = this.#roleOfKey(token)
    if (role) return { ok: true, claims: { iss: 'supabase', role, exp: now() + TEN_YEARS_IN_SECONDS } }
    const header = readHeader(token)
    if (!header) return refuse('MalformedJWT', 'The token provided is not a valid JWT')
    if (!ALGORITHMS.includes(header.alg ?? '')) return refuse('JwtSignerError', signerMessage(header.kid))
    return this.#verifySignature(token)
  }

  #roleOfKey(token: string): 'anon' | 'service_role' | null {
    if (isSame(token, this.#keys.publishable)) return 'anon'
    return isSame(token, this.#keys.secret) ? 'service_role' : null
  }

  async #verifySignature(token: string): Promise<Verdict> {
    try {
      const { payload } = await jwtVerify(token, this.#secret, { algorithms: ALGORITHMS })
      if (typeof payload.role !== 'string' || typeof payload.exp !== 'number') {
        return refuse('InvalidJWTToken', 'Fields `role` and `exp` are required in JWT')
      }
      return { ok: true, claims: payload as Claims }
    } catch (error) {
      return explain(error)
    }
  }
}

function explain(error: unknown): Verdict {
  if (error instanceof errors.JWTExpired) {
    return refuse('InvalidJWTToken', `Token has expired ${now() - Number(error.payload.exp)} seconds ago`)
  }
  if (error instanceof errors.JWTClaimValidationFailed) return refuse('InvalidJWTToken', error.message)
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return refuse('JwtSignatureError', 'Failed to validate JWT signature')
  }
  return refuse('MalformedJWT', 'The token provided is not a valid JWT')
}

function readHeader(token: string) {
  try {
    return token.split('.').length === 3 ? decodeProtectedHeader(token) : null
  } catch {
    return null
  }
}

function signerMessage(kid: string | undefined): string {
  const which = kid === undefined ? '' : ` for key ID (kid) ${JSON.stringify(kid)}`
  return `Failed to generate JWT signer${which}, check your JWT secret or JWKS configuration`
}

const refuse = (code: TokenCode, message: string): Verdict => ({ ok: false, code, message })
const now = () => Math.floor(Date.now() / 1000)

function isSame(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)]
  return a.length === b.length && timingSafeEqual(a, b)
}
