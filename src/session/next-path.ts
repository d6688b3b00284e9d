/** Where to go after signing in. Only paths of this app: an address elsewhere would make a sign-in page of phishing. */
export function safeNextPath(next: unknown): string | undefined {
  if (typeof next !== 'string' || !next.startsWith('/')) return undefined
  const base = 'https://app.invalid'
  const url = URL.canParse(next, base) ? new URL(next, base) : null
  if (url?.origin !== base || url.pathname === '/') return undefined
  return url.pathname + url.search
}
