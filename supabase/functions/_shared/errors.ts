/**
 * Every refusal has a code that does not change: raised in SQL as its SQLSTATE, sent by functions as `code`, shown by
 * the browser from here. `docs/errors.md` explains each to people.
 */
export const ERRORS = {
  BT001: 'You are not signed in.',
  BT002: 'Your role does not allow this.',
  BT003: 'This does not exist, or you may not see it.',
  BT004: 'Something in the request is not valid.',
  BT005: 'A team needs at least one owner.',
  BT006: 'This invitation has expired.',
  BT007: 'This invitation was already used or withdrawn.',
  BT008: 'This invitation is for another e-mail address.',
  BT009: 'This person is already a member of the team.',
  BT010: 'Confirm your e-mail address first.',
  BT011: 'Too many requests; wait a moment.',
  BT020: 'This worker does not hold the run any more.',
  BT021: 'The file was changed meanwhile.',
  BT022: 'This is not where the entry ends.',
  BT023: 'This is not the step that comes next.',
  BT024: 'This path cannot be used.',
  BT025: 'This is too large.',
  BT026: 'This tool call is not what is to be done now.',
  BT027: 'This is archived.',
  BT028: 'This message cannot be changed any more.',
  BT029: 'The chat is not in the state for this.',
  BT030: 'This question was answered already, or withdrawn.',
  BT040: 'This builder does not hold the build any more.',
  BT041: 'Some files of this deployment are not in Storage.',
  BT042: 'The build is not in the state for this.',
  BT043: 'This looks like a secret.',
  BT044: 'This domain belongs to another app.',
  BT060: 'The escalation is not in the state for this.',
  BT061: 'This worker does not hold the assessment any more.',
  PT409: 'Someone else changed this meanwhile.',
} as const

export type ErrorCode = keyof typeof ERRORS

export class BatonError extends Error {
  override readonly name = 'BatonError'
  readonly code: ErrorCode | 'unknown'
  /** Machine-readable facts about the refusal, such as who holds a claim. */
  readonly details: unknown
  readonly hint: string | null
  constructor(
    code: ErrorCode | 'unknown',
    message: string,
    options: { details?: unknown; hint?: string | null; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause })
    this.code = code
    this.details = options.details ?? null
    this.hint = options.hint ?? null
  }
}

export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && code in ERRORS
}
