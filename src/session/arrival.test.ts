import { expect, test } from 'vitest'
import { parseArrival } from './arrival.ts'

test('a verified link brings a session and what it was for', () => {
  const hash = '#access_token=a.b.c&refresh_token=r&expires_in=3600&token_type=bearer&type=recovery'
  expect(parseArrival(hash)).toEqual({
    kind: 'tokens',
    accessToken: 'a.b.c',
    refreshToken: 'r',
    purpose: 'recovery',
  })
})

test('a link of our own mails brings a hash that is still to be verified', () => {
  expect(parseArrival('#token_hash=h&type=magiclink')).toEqual({
    kind: 'token-hash',
    tokenHash: 'h',
    purpose: 'magiclink',
  })
})

test('a refused link says why', () => {
  const hash = '#error=access_denied&error_code=otp_expired&error_description=Email+link+is+invalid'
  expect(parseArrival(hash)).toEqual({
    kind: 'refused',
    code: 'otp_expired',
    description: 'Email link is invalid',
  })
})

test.each(['', '#', '#section', '#access_token=only'])('"%s" brings nothing', (hash) => {
  expect(parseArrival(hash)).toBeNull()
})
