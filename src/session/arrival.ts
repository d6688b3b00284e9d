/** What a link in a mail brings along behind the `#` of the address. It never reaches a server from there. */
export type Arrival =
  | { kind: 'tokens'; accessToken: string; refreshToken: string; purpose: string }
  | { kind: 'token-hash'; tokenHash: string; purpose: string }
  | { kind: 'refused'; code: string; description: string }

export function parseArrival(hash: string): Arrival | null {
  const values = new URLSearchParams(hash.replace(/^#/, ''))
  const purpose = values.get('type') ?? 'signup'
  const accessToken = values.get('access_token')
  const refreshToken = values.get('refresh_token')
  if (accessToken && refreshToken) return { kind: 'tokens', accessToken, refreshToken, purpose }
  const tokenHash = values.get('token_hash')
  if (tokenHash) return { kind: 'token-hash', tokenHash, purpose }
  if (values.has('error')) {
    return {
      kind: 'refused',
      code: values.get('error_code') ?? values.get('error') ?? '',
      description: values.get('error_description') ?? '',
    }
  }
  return null
}

let arrived: Arrival | null = null

/** Called before the router starts: the address is clean before it is read, kept in the history or shown. */
export function takeArrivalFromAddress(): void {
  arrived = parseArrival(location.hash)
  if (arrived) history.replaceState(null, '', '/auth/callback')
}

export const currentArrival = () => arrived

export function forgetArrival(): void {
  arrived = null
}
