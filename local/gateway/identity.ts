/**
 * Who is calling, by the rules of the hosted gateway: an opaque key in `apikey` (header or query) says which project
 * role, and a person's token in `Authorization` says who. An opaque key as bearer token is accepted only when it
 * repeats `apikey`, because older clients send it so.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { errors, jwtVerify } from 'jose'
import type { StackKeys } from '../config.ts'
import type { Claims } from './call.ts'
import { Refusal } from './http/refusal.ts'

export type Credentials = {
  apikey: string | undefined
  authorization: string | undefined
  userAgent: string | undefined
}

export type KeyType = 'publishable' | 'secret'
export type KeyHolder = { keyType: KeyType; bearer: string | null }

const ROLE_OF_KEY = { publishable: 'anon', secret: 'service_role' } as const

export const claimsOfKey = (keyType: KeyType): Claims => ({ role: ROLE_OF_KEY[keyType] })

export function holdKey(keys: StackKeys, credentials: Credentials): KeyHolder {
  if (!credentials.apikey) throw missingKey()
  const keyType = keyTypeOf(keys, credentials.apikey)
  if (!keyType) throw wrongKey()
  if (keyType === 'secret' && isBrowser(credentials.userAgent)) throw secretKeyInBrowser()
  return { keyType, bearer: personsToken(credentials) }
}

/** The token of a person, as opposed to a key that is repeated as bearer token. */
function personsToken({ apikey, authorization }: Credentials): string | null {
  const bearer = /^Bearer\s+(\S+)\s*$/i.exec(authorization ?? '')?.[1]
  if (bearer === undefined || bearer === apikey) return null
  if (bearer.startsWith('sb_')) throw keyAsBearer()
  return bearer
}

function keyTypeOf(keys: StackKeys, key: string): KeyType | null {
  if (isSame(key, keys.publishable)) return 'publishable'
  if (isSame(key, keys.secret)) return 'secret'
  return null
}

function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}

const isBrowser = (userAgent: string | undefined) => /^\s*Mozilla\s*\/\s*5\s*\.\s*0/i.test(userAgent ?? '')

/** Remembers tokens that were found good, since one person asks many times with the same one. */
export function createTokenCheck(jwtSecret: string, remembered = 1_000) {
  const secret = new TextEncoder().encode(jwtSecret)
  const known = new Map<string, Claims>()
  return async (token: string): Promise<Claims> => {
    const claims = known.get(token)
    if (claims && Number(claims.exp) * 1_000 > Date.now()) return claims
    known.delete(token)
    const fresh = await verify(token, secret)
    if (known.size >= remembered) known.delete(known.keys().next().value as string)
    if (typeof fresh.exp === 'number') known.set(token, fresh)
    return fresh
  }
}

async function verify(token: string, secret: Uint8Array): Promise<Claims> {
  try {
    const { payload } = await jwtVerify(token, secret, { algorithms: ['HS256'] })
    if (typeof payload.iat === 'number' && payload.iat > Date.now() / 1_000 + 30) {
      throw invalidToken('PGRST303', 'JWT issued at future')
    }
    return payload
  } catch (error) {
    if (error instanceof Refusal) throw error
    if (error instanceof errors.JWTExpired) throw invalidToken('PGRST303', 'JWT expired')
    throw invalidToken('PGRST301', 'The token is not valid: it was not signed by this stack.')
  }
}

const unauthorized = (message: string, hint: string | null, code: string) =>
  new Refusal(401, { message, hint }, { 'sb-error-code': code })

const missingKey = () =>
  unauthorized(
    'No API key found in request',
    'Send the publishable key as `apikey`, as a header or in the query.',
    'UNAUTHORIZED_MISSING_API_KEY',
  )
const wrongKey = () =>
  unauthorized(
    'Invalid API key',
    'Compare it with `npm run --silent status -- --json`.',
    'UNAUTHORIZED_INVALID_API_KEY',
  )
const secretKeyInBrowser = () =>
  unauthorized(
    'Forbidden use of secret API key in browser',
    'Secret API keys are for servers alone; use the publishable key here.',
    'UNAUTHORIZED_INVALID_API_KEY_TYPE',
  )
const keyAsBearer = () =>
  unauthorized(
    'Invalid Authorization header',
    'An API key is not a token: send it as `apikey`, and a token of a person as bearer.',
    'UNAUTHORIZED_INVALID_JWT_FORMAT',
  )
const invalidToken = (code: string, message: string) =>
  new Refusal(
    401,
    { code, message, details: null, hint: null },
    { 'www-authenticate': `Bearer error="invalid_token", error_description="${message}"` },
  )
