import type { Level, Log } from '../log.ts'

const LEVELS: Record<string, Level> = {
  PANIC: 'error',
  FATAL: 'warn',
  ERROR: 'warn',
  WARNING: 'warn',
  LOG: 'info',
  HINT: 'info',
  INFO: 'info',
  NOTICE: 'debug',
}

/** Turns what the server prints into log records. Details, contexts and statements follow their message. */
export function createOutputReader(log: Log, onMessage: (message: string) => void) {
  let rest = ''
  let level: Level = 'info'
  return (chunk: Buffer | string): void => {
    const lines = `${rest}${chunk}`.split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines.filter((line) => line.trim() !== '')) {
      const found = /^(?:(\S+@\S+) )?([A-Z]+):\s+(.*)$/.exec(line)
      const [, session, severity = '', text] = found ?? []
      level = LEVELS[severity] ?? level
      log[level](text ?? line.trim(), session ? { session, severity } : found ? { severity } : {})
      onMessage(line)
    }
  }
}
