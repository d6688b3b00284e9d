import { SignJWT } from 'jose'
import { expect, test } from 'vitest'
import { Tokens } from './tokens.ts'

const secret = 'a-secret-for-tests-that-signs-the-tokens-of-people'
const tokens = new Tokens({
  publishable: 'sb_publishable_x',
  secret: 'sb_secret_x',
  jwtSecret: secret,
  databasePassword: '',
})
const now = Math.floor(Date.now() / 1000)
const sign = (claims: Record<string, unknown>, key = secret, alg = 'HS256') =>
  new SignJWT(claims).setProtectedHeader({ alg, kid: 'k1' }).sign(new TextEncoder().encode(key))

test('an opaque key stands for its role', async () => {
  expect(await tokens.verify('sb_publishable_x')).toMatchObject({ ok: true, claims: { role: 'anon' } })
  expect(await tokens.verify('sb_secret_x')).toMatchObject({ ok: true, claims: { role: 'service_role' } })
  expect(await tokens.verify('sb_secret_y')).toMatchObject({ ok: false, code: 'MalformedJWT' })
})

test('a token of ours brings its claims', async () => {
  const token = await sign({ role: 'authenticated', sub: 'me', exp: now + 60 })
  expect(await tokens.verify(token)).toMatchObject({ ok: true, claims: { role: 'authenticated', sub: 'me' } })
})

test('an expired one says since when', async () => {
  const verdict = await tokens.verify(await sign({ role: 'authenticated', exp: now - 100 }))
  expect(verdict).toMatchObject({ ok: false, code: 'InvalidJWTToken' })
  expect(verdict).toHaveProperty('message', expect.stringMatching(/^Token has expired 10[0-2] seconds ago$/))
})

test.each([{ exp: now + 60 }, { role: 'authenticated' }])('%j lacks a claim', async (claims) => {
  expect(await tokens.verify(await sign(claims))).toEqual({
    ok: false,
    code: 'InvalidJWTToken',
    message: 'Fields `role` and `exp` are required in JWT',
  })
})

test('a foreign signature, a foreign algorithm and no token have a code each', async () => {
  const foreign = await sign({ role: 'anon', exp: now + 60 }, 'another secret that is long enough for HS256')
  expect(await tokens.verify(foreign)).toMatchObject({ code: 'JwtSignatureError' })
  const none = `${Buffer.from('{"alg":"none","kid":"k9"}').toString('base64url')}.e30.`
  expect(await tokens.verify(none)).toMatchObject({
    code: 'JwtSignerError',
    message: expect.stringContaining('for key ID (kid) "k9"'),
  })
  expect(await tokens.verify('a.b.c')).toMatchObject({ code: 'MalformedJWT' })
  expect(await tokens.verify('nonsense')).toMatchObject({ code: 'MalformedJWT' })
})
