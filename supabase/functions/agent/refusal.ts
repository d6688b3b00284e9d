/** What the database refused, with the code that never changes and what it says about it. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly code: string
  readonly details: Record<string, unknown>
  readonly hint: string | null
  constructor(
    code: string,
    message: string,
    details: Record<string, unknown>,
    hint: string | null,
    cause: unknown,
  ) {
    super(message, { cause })
    this.code = code
    this.details = details
    this.hint = hint
  }
}

/** Another worker has the run, or a person stopped it: whatever this one still does is for nobody. */
export const isLeaseLost = (error: unknown) => error instanceof Refused && error.code === 'BT020'
/** What this worker takes for the next step is not: it missed something, and whoever claims the run sees it. */
export const isOutOfStep = (error: unknown) =>
  error instanceof Refused && (error.code === 'BT022' || error.code === 'BT023')
export const hasEnded = (error: unknown) => error instanceof Refused && error.code === 'BT026'

/** Anything else is passed on as it is: the connection failed, or the database did. */
export function refusalOf(error: unknown): unknown {
  const { code, message, detail, hint } = (error ?? {}) as Record<string, string | undefined>
  if (!/^BT\d{3}$/.test(code ?? '')) return error
  return new Refused(code!, message ?? code!, detailsOf(detail), hint ?? null, error)
}

function detailsOf(detail: string | undefined): Record<string, unknown> {
  try {
    return JSON.parse(detail ?? '{}')
  } catch {
    return { detail }
  }
}
