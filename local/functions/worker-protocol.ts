/** What a function's Deno process and the stack tell each other. Imports nothing: both runtimes read it. */

/** Marks the lines on standard output that are ours; a function may write there too. */
export const LINE_MARK = '\u001e'

export const WORKER_SETTINGS = 'BATON_WORKER'
export const WORKER_TOKEN_HEADER = 'x-baton-worker'
export const REQUEST_ID_HEADER = 'sb-request-id'

export type WorkerSettings = {
  entrypoint: string
  /** Shown by every request of ours, so that no other program on this machine can go round the checks. */
  token: string
  /** Names of the variables that the function may see. */
  visible: string[]
}

export type WorkerLine =
  | { type: 'listening'; port: number }
  /** The module ran to its end without `Deno.serve`. */
  | { type: 'idle' }
  | { type: 'log'; level: ConsoleLevel; message: string; request?: string }

export const CONSOLE_LEVELS = ['debug', 'log', 'info', 'warn', 'error'] as const
export type ConsoleLevel = (typeof CONSOLE_LEVELS)[number]
