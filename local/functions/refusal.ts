/** How the platform itself refuses a request, in the words and with the `sb-error-code` header of hosted Supabase. */
const REFUSALS = {
  UNAUTHORIZED_NO_AUTH_HEADER: [401, 'Missing authorization header'],
  UNAUTHORIZED_INVALID_JWT_FORMAT: [401, 'Invalid JWT'],
  NOT_FOUND: [404, 'Requested function was not found'],
  WORKER_ERROR: [500, 'The function ended before it answered; its log says why.'],
  BOOT_ERROR: [503, 'Function failed to start (please check logs)'],
  IDLE_TIMEOUT: [504, 'The function did not answer in time.'],
} as const satisfies Record<string, readonly [status: number, message: string]>

export type RefusalCode = keyof typeof REFUSALS

export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: RefusalCode
  readonly status: number
  constructor(code: RefusalCode, options: { message?: string; cause?: unknown } = {}) {
    super(options.message ?? REFUSALS[code][1], { cause: options.cause })
    this.code = code
    this.status = REFUSALS[code][0]
  }
}
