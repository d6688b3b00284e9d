/** What an error that was stored whole says in a sentence; the whole of it can be opened beside. */
export function errorText(error: Record<string, unknown> | null): string {
  const message = error?.message ?? error?.type
  return typeof message === 'string' && message ? message : 'Something went wrong, and it was not said what.'
}
