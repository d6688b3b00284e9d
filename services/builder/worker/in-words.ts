import { plain } from './faults.ts'

export const inWords = (error: unknown): string =>
  plain(error instanceof Error ? (error.stack ?? error.message) : String(error))
