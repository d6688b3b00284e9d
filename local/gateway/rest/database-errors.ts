/** PostgREST's answer to an error of the database: the same status and body for every SQLSTATE. */
export type DatabaseError = {
  code: string
  message: string
  detail?: string | undefined
  hint?: string | undefined
}

export type RestRefusal = {
  status: number
  headers: Record<string, string>
  body: { code: string; message: string; details: unknown; hint: unknown }
}

export function isDatabaseError(error: unknown): error is DatabaseError {
  return error instanceof Error && /^[0-9A-Z]{5}$/.test(String((error as { code?: unknown }).code))
}

export function isConnectionLoss(error: unknown): boolean {
  const code = String((error as { code?: unknown } | null)?.code)
  return CONNECTION_LOST.has(code) || /^(08|57P0)/.test(code)
}

const CONNECTION_LOST = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
])

export const DATABASE_AWAY: RestRefusal = {
  status: 503,
  headers: { 'retry-after': '1' },
  body: {
    code: 'PGRST001',
    message: 'The database does not answer; it may be restarting. Try again in a moment.',
    details: null,
    hint: null,
  },
}

export function describeDatabaseError(error: DatabaseError, isAnonymous: boolean): RestRefusal {
  if (error.code === 'PGRST') return raisedResponse(error)
  return {
    status: statusOf(error, isAnonymous),
    headers: error.code === '42501' && isAnonymous ? { 'www-authenticate': 'Bearer' } : {},
    body: {
      code: error.code,
      message: error.message,
      details: error.detail ?? null,
      hint: error.hint ?? null,
    },
  }
}

/** `raise sqlstate 'PGRST'` with JSON as message and detail sets the whole response. */
function raisedResponse(error: DatabaseError): RestRefusal {
  const message = parsed(error.message)
  const detail = parsed(error.detail)
  if (typeof message?.code !== 'string' || typeof message.message !== 'string' || !isStatus(detail?.status)) {
    return {
      status: 500,
      headers: {},
      body: {
        code: 'PGRST121',
        message: 'Could not parse JSON in the "RAISE SQLSTATE \'PGRST\'" error',
        details: error.message,
        hint: 'MESSAGE needs "code" and "message"; DETAIL needs "status" and "headers".',
      },
    }
  }
  return {
    status: detail.status,
    headers: textValues(detail.headers),
    body: {
      code: message.code,
      message: message.message,
      details: message.details ?? null,
      hint: message.hint ?? null,
    },
  }
}

function parsed(text: string | undefined): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text ?? '')
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

const isStatus = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 200 && value <= 599

const textValues = (value: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries((value ?? {}) as Record<string, unknown>).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  )

const BY_CODE: Record<string, number> = {
  '21000': 500,
  '23503': 409,
  '23505': 409,
  '25006': 405,
  '42883': 404,
  '42P01': 404,
  '42P17': 500,
  '53400': 500,
  P0001: 400,
}

/** In the order in which PostgREST looks: the first that fits. */
const BY_CLASS: [prefix: string, status: number][] = [
  ['08', 503],
  ['09', 500],
  ['0L', 403],
  ['0P', 403],
  ['25', 500],
  ['28', 403],
  ['2D', 500],
  ['38', 500],
  ['39', 500],
  ['3B', 500],
  ['40', 500],
  ['53', 503],
  ['54', 500],
  ['55', 500],
  ['57', 500],
  ['58', 500],
  ['F0', 500],
  ['HV', 500],
  ['P0', 500],
  ['XX', 500],
]

function statusOf({ code, message }: DatabaseError, isAnonymous: boolean): number {
  if (code === '21000' && message.endsWith('requires a WHERE clause')) return 400
  if (code === '42501') return isAnonymous ? 401 : 403
  const raised = /^PT(\d{3})$/.exec(code)?.[1]
  if (raised) return isStatus(Number(raised)) ? Number(raised) : 500
  return BY_CODE[code] ?? BY_CLASS.find(([prefix]) => code.startsWith(prefix))?.[1] ?? 400
}
