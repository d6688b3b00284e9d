/** Why an answer of the model did not come, or not whole. It is shown to people and kept as it is. */
export type ModelFault = {
  type: string
  message: string
  status: number | null
  retryable: boolean
  /** How long the server asked us to wait. */
  retryAfterMs: number | null
  request_id: string | null
  details: unknown
}

export class ModelError extends Error {
  override readonly name = 'ModelError'
  readonly fault: ModelFault
  constructor(fault: ModelFault, cause?: unknown) {
    super(fault.message, { cause })
    this.fault = fault
  }
}

export const faultOf = (type: string, message: string, more: Partial<ModelFault> = {}): ModelFault => ({
  type,
  message,
  status: null,
  retryable: true,
  retryAfterMs: null,
  request_id: null,
  details: null,
  ...more,
})
