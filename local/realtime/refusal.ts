/** A join that is refused; the reason is `Code: text`, as hosted Realtime words it. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  /** The whole socket is closed as well. */
  readonly disconnects: boolean
  constructor(reason: string, options: { disconnects?: boolean; cause?: unknown } = {}) {
    super(reason, { cause: options.cause })
    this.disconnects = options.disconnects ?? false
  }
}
