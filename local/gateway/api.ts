/** The data API, auth and storage: checks who calls, then lets the library answer. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { StackConfig } from '../config.ts'
import { type AuthAttempt, createAuthLimits } from './auth/limits.ts'
import type { Call } from './call.ts'
import { readBody, streamBody } from './http/body.ts'
import { type JsonObject, parseJsonObject, requireText } from './http/json-body.ts'
import { Refusal } from './http/refusal.ts'
import { ROUTES } from './http/routes.ts'
import { sendWebResponse, toWebHeaders, toWebRequest, type WebBody } from './http/web.ts'
import { type Credentials, claimsOfKey, createTokenCheck, holdKey, type KeyHolder } from './identity.ts'
import { fileOfForm, isForm } from './storage/multipart.ts'
import type { Service, Supalite } from './supalite/start.ts'
import { OBJECT_LIMIT_BYTES } from './supalite/storage.ts'

const MB = 1024 * 1024
const REST_BODY_BYTES = 20 * MB
const AUTH_BODY_BYTES = MB

type Exchange = { request: IncomingMessage; response: ServerResponse; url: URL }
type Caller = Pick<Call, 'claims' | 'keyType'>

export function createApi(config: StackConfig, supalite: Supalite) {
  const claimsOf = createTokenCheck(config.keys.jwtSecret)
  const limits = createAuthLimits()

  const rest = async (exchange: Exchange) => {
    const { keyType, bearer } = holdKey(config.keys, credentialsOf(exchange))
    const claims = bearer ? await claimsOf(bearer) : claimsOfKey(keyType)
    const headers = toWebHeaders(exchange.request)
    headers.delete('authorization')
    const body = await readBody(exchange.request, REST_BODY_BYTES)
    await answer('rest', exchange, { claims, keyType }, headers, body)
  }

  const auth = async (exchange: Exchange) => {
    const { request, url } = exchange
    const holder = isOpenAuthPath(url.pathname) ? null : holdKey(config.keys, credentialsOf(exchange))
    const headers = toWebHeaders(request)
    if (!holder?.bearer) headers.delete('authorization')
    const body = await readBody(request, AUTH_BODY_BYTES)
    const fields = parseJsonObject(body) ?? {}
    requireText(fields, TEXT_FIELDS)
    const attempt = attemptOf(exchange, fields)
    limits.before(attempt)
    const caller = { claims: null, keyType: holder?.keyType ?? null }
    await answer('auth', exchange, caller, headers, body, (refused) => limits.after(attempt, refused))
  }

  const storage = async (exchange: Exchange) => {
    const { request } = exchange
    const caller = await storageCaller(exchange)
    const headers = toWebHeaders(request)
    if (caller.claims) headers.delete('authorization')
    if (isCommand(exchange)) {
      const body = await readBody(request, MB)
      parseJsonObject(body)
      return answer('storage', exchange, caller, headers, body)
    }
    if (!isForm(headers)) {
      const upload = streamBody(request, OBJECT_LIMIT_BYTES)
      return answer('storage', exchange, caller, headers, upload.stream, () => upload.check())
    }
    const file = await fileOfForm(await readBody(request, OBJECT_LIMIT_BYTES + MB), headers)
    await answer('storage', exchange, caller, file.headers, file.body)
  }

  /** Public and signed objects need no key. A token that is not valid is left for the library to judge. */
  const storageCaller = async (exchange: Exchange): Promise<Caller> => {
    const credentials = credentialsOf(exchange)
    if (!credentials.apikey && !credentials.authorization) return { claims: null, keyType: null }
    const holder = holdKeyOrNone(credentials)
    const bearer = holder ? holder.bearer : bearerOf(credentials)
    if (bearer) return { claims: await claimsOf(bearer).catch(() => null), keyType: holder?.keyType ?? null }
    return holder
      ? { claims: claimsOfKey(holder.keyType), keyType: holder.keyType }
      : { claims: null, keyType: null }
  }

  const holdKeyOrNone = (credentials: Credentials): KeyHolder | null => {
    try {
      return holdKey(config.keys, credentials)
    } catch (error) {
      const isAboutKey = error instanceof Refusal && error.headers['sb-error-code'] !== WRONG_PLACE
      if (isAboutKey) return null
      throw error
    }
  }

  const answer = async (
    service: Service,
    { request, response, url }: Exchange,
    caller: Caller,
    headers: Headers,
    body: WebBody,
    finished: (refused: boolean) => void = () => {},
  ) => {
    const redirectTo = url.searchParams.get('redirect_to')
    if (service === 'rest') url.searchParams.delete('apikey')
    const call: Call = {
      ...caller,
      method: request.method ?? 'GET',
      path: url.pathname.slice(ROUTES[service].length) || '/',
      headers: textHeaders(request),
      redirectTo,
    }
    const answered = await supalite.serve(service, toWebRequest(request, url, body, headers), call)
    finished(isRefused(answered))
    if (service === 'storage' && isKnown(request, answered)) await sendUnchanged(answered, response)
    else await sendWebResponse(answered, response)
  }

  return { rest, auth, storage }
}

/** Also a link that has led back to the app with an error in the address. */
const isRefused = (answer: Response) =>
  answer.status >= 400 || (answer.headers.get('location') ?? '').includes('#error=')

/** The caller has this very object already. */
const isKnown = ({ method, headers }: IncomingMessage, answer: Response) =>
  method === 'GET' &&
  answer.ok &&
  answer.headers.has('etag') &&
  headers['if-none-match'] === answer.headers.get('etag')

async function sendUnchanged(answer: Response, response: ServerResponse): Promise<void> {
  await answer.body?.cancel()
  const { headers } = answer
  headers.delete('content-length')
  await sendWebResponse(new Response(null, { status: 304, headers }), response)
}

const WRONG_PLACE = 'UNAUTHORIZED_INVALID_API_KEY_TYPE'
const TEXT_FIELDS = [
  'email',
  'password',
  'phone',
  'token',
  'token_hash',
  'type',
  'refresh_token',
  'auth_code',
]
/** Where the storage API is told something as JSON, as opposed to given an object that may be JSON. */
const STORAGE_COMMANDS = /^\/storage\/v1\/(bucket|object\/(list|move|copy|sign|upload\/sign)(\/|$))/
const isCommand = ({ request, url }: Exchange) =>
  request.method === 'DELETE' || (request.method !== 'PUT' && STORAGE_COMMANDS.test(url.pathname))
const OPEN_AUTH_PATHS = /^\/auth\/v1\/(verify|callback|authorize|health|\.well-known\/.*)$/
const isOpenAuthPath = (pathname: string) => OPEN_AUTH_PATHS.test(pathname)

function credentialsOf({ request, url }: Exchange): Credentials {
  const { apikey, authorization, 'user-agent': userAgent } = request.headers
  const key = typeof apikey === 'string' ? apikey : url.searchParams.get('apikey')
  return { apikey: key ?? undefined, authorization, userAgent }
}

const bearerOf = ({ authorization }: Credentials) =>
  /^Bearer\s+((?!sb_)\S+)\s*$/i.exec(authorization ?? '')?.[1] ?? null

function textHeaders({ headers }: IncomingMessage): Call['headers'] {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  )
}

function attemptOf({ request, url }: Exchange, { email }: JsonObject): AuthAttempt {
  return {
    method: request.method ?? 'GET',
    path: url.pathname.slice(ROUTES.auth.length),
    grant: url.searchParams.get('grant_type'),
    email: typeof email === 'string' ? email : null,
  }
}
