import type { IncomingHttpHeaders } from 'node:http'
import { jwtVerify } from 'jose'
import { Refusal } from './refusal.ts'

/** What `verify_jwt` means: somebody whom this project issued a token to. Who it is, the function finds out itself. */
export async function requireToken(headers: IncomingHttpHeaders, jwtSecret: string): Promise<void> {
  const token = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1]
  if (!token) throw new Refusal('UNAUTHORIZED_NO_AUTH_HEADER')
  try {
    await jwtVerify(token, new TextEncoder().encode(jwtSecret), { algorithms: ['HS256'] })
  } catch (cause) {
    throw new Refusal('UNAUTHORIZED_INVALID_JWT_FORMAT', { cause })
  }
}
