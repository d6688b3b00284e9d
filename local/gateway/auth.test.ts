import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../testing/eventually.ts'
import { startTestGateway, type TestGateway } from './test-gateway.ts'

let gateway: TestGateway
let count = 0
const APP = 'http://127.0.0.1:39999'
const PASSWORD = 'a good password'

beforeAll(async () => {
  gateway = await startTestGateway((config) => ({ ...config, ports: { ...config.ports, app: 39_999 } }))
})
afterAll(() => gateway[Symbol.asyncDispose]())

const newAddress = () => `person-${++count}@x.test`
const linkIn = async (address: string) => (await gateway.mailTo(address)).links[0] as string
const follow = (link: string) => fetch(link, { redirect: 'manual' })
const sessionIn = (answer: Response) =>
  new URLSearchParams(new URL(answer.headers.get('location') as string).hash.slice(1))
const mailsTo = async (address: string) =>
  (await (await fetch(`${gateway.url}/mailbox/api/messages?to=${address}`)).json()) as { subject: string }[]

async function confirmedPerson() {
  const email = newAddress()
  await gateway.client().auth.signUp({ email, password: PASSWORD })
  await follow(await linkIn(email))
  return email
}
async function signedIn() {
  const email = await confirmedPerson()
  const client = gateway.client()
  const { data } = await client.auth.signInWithPassword({ email, password: PASSWORD })
  return { email, client, session: data.session! }
}

describe('signing up', () => {
  test('counts only after the link in the mail was followed', async () => {
    const email = newAddress()
    const client = gateway.client()
    const { data, error } = await client.auth.signUp({
      email,
      password: PASSWORD,
      options: { data: { display_name: 'Pat' } },
    })
    expect([error, data.session, data.user?.email]).toEqual([null, null, email])
    expect((await client.auth.signInWithPassword({ email, password: PASSWORD })).error?.code).toBe(
      'email_not_confirmed',
    )

    const answer = await follow(await linkIn(email))
    expect(answer.status).toBe(303)
    expect(answer.headers.get('location')).toMatch(new RegExp(`^${APP}/#access_token=`))
    const signIn = await client.auth.signInWithPassword({ email, password: PASSWORD })
    expect(signIn.data.user?.user_metadata).toMatchObject({ display_name: 'Pat', email_verified: true })
    const [row] = await gateway.database.sql('supabase_admin')`
      select raw_user_meta_data ->> 'display_name' as name, jsonb_typeof(raw_app_meta_data) as kind from auth.users where email = ${email}`
    expect(row).toEqual({ name: 'Pat', kind: 'object' })
  })

  test('a link works once', async () => {
    const email = newAddress()
    await gateway.client().auth.signUp({ email, password: PASSWORD })
    const link = await linkIn(email)
    await follow(link)
    expect(sessionIn(await follow(link)).get('error_code')).toBe('otp_expired')
  })

  test('twice looks the same, and tells nothing of an account', async () => {
    const email = await confirmedPerson()
    const before = await mailsTo(email)
    const again = await gateway.client().auth.signUp({ email, password: 'another password' })
    expect([again.error, again.data.session]).toEqual([null, null])
    expect(again.data.user).toMatchObject({ email, identities: [] })
    expect(await mailsTo(email)).toHaveLength(before.length)
    expect(
      (await gateway.client().auth.signInWithPassword({ email, password: 'another password' })).error?.code,
    ).toBe('invalid_credentials')
  })

  test('twice before confirming sends the mail again', async () => {
    const email = newAddress()
    await gateway.client().auth.signUp({ email, password: PASSWORD })
    await gateway.client().auth.signUp({ email, password: PASSWORD })
    await gateway.client().auth.resend({ type: 'signup', email })
    expect(await mailsTo(email)).toHaveLength(3)
    expect(sessionIn(await follow(await linkIn(email))).get('access_token')).toBeTruthy()
  })

  test('needs a password of some length', async () => {
    expect((await gateway.client().auth.signUp({ email: newAddress(), password: 'short' })).error?.code).toBe(
      'weak_password',
    )
  })
})

describe('signing in', () => {
  test('says the same for a wrong password, an unknown address and an unconfirmed one', async () => {
    const unconfirmed = newAddress()
    await gateway.client().auth.signUp({ email: unconfirmed, password: PASSWORD })
    for (const email of [await confirmedPerson(), newAddress(), unconfirmed]) {
      const { error } = await gateway
        .client()
        .auth.signInWithPassword({ email, password: 'not the password' })
      expect([error?.status, error?.code]).toEqual([400, 'invalid_credentials'])
    }
  })

  test('gives a token for an hour, which the data API knows', async () => {
    const { session, client } = await signedIn()
    expect(session.expires_in).toBe(3_600)
    const claims = JSON.parse(
      Buffer.from(session.access_token.split('.')[1] as string, 'base64url').toString(),
    )
    expect(claims).toMatchObject({ role: 'authenticated', aud: 'authenticated', sub: session.user.id })
    expect((await client.auth.getUser()).data.user?.id).toBe(session.user.id)
  })

  test('is refused for a while after many wrong passwords', async () => {
    const email = await confirmedPerson()
    const attempt = () => gateway.client().auth.signInWithPassword({ email, password: 'wrong' })
    await Promise.all(Array.from({ length: 30 }, attempt))
    expect((await attempt()).error?.code).toBe('over_request_rate_limit')
    expect(
      (await gateway.client().auth.signInWithPassword({ email, password: PASSWORD })).error?.status,
    ).toBe(429)
  })
})

describe('a session', () => {
  test('rotates its refresh token; the one before last ends it', async () => {
    const { client, session } = await signedIn()
    const second = (await client.auth.refreshSession()).data.session!
    expect(second.refresh_token).not.toBe(session.refresh_token)
    const third = (await client.auth.refreshSession()).data.session!
    expect(third.refresh_token).not.toBe(second.refresh_token)
    const stolen = await gateway.client().auth.refreshSession({ refresh_token: session.refresh_token })
    expect(stolen.error?.code).toBe('refresh_token_already_used')
    expect(
      (await gateway.client().auth.refreshSession({ refresh_token: third.refresh_token })).error,
    ).not.toBeNull()
  })

  test('ends with signing out', async () => {
    const { client, session } = await signedIn()
    expect((await client.auth.signOut()).error).toBeNull()
    expect(
      (await gateway.client().auth.refreshSession({ refresh_token: session.refresh_token })).error,
    ).not.toBeNull()
    const { error } = await gateway.client().auth.getUser(session.access_token)
    expect(error?.name).toBe('AuthSessionMissingError')
  })

  test('elsewhere ends with a new password', async () => {
    const { client, email, session } = await signedIn()
    const elsewhere = gateway.client()
    await elsewhere.auth.signInWithPassword({ email, password: PASSWORD })
    expect((await client.auth.updateUser({ password: 'a new password' })).error).toBeNull()
    expect((await client.auth.refreshSession()).data.session?.user.id).toBe(session.user.id)
    expect((await elsewhere.auth.refreshSession()).error).not.toBeNull()
  })
})

describe('a forgotten password', () => {
  test('is replaced through a link that signs in', async () => {
    const email = await confirmedPerson()
    await gateway.client().auth.resetPasswordForEmail(email, { redirectTo: `${APP}/reset` })
    const mail = await gateway.mailTo(email)
    expect(mail.subject).toBe('Choose a new password for Baton')
    const answer = await follow(mail.links[0] as string)
    expect(answer.headers.get('location')).toMatch(new RegExp(`^${APP}/reset#`))
    const hash = sessionIn(answer)
    expect(hash.get('type')).toBe('recovery')
    const client = gateway.client()
    await client.auth.setSession({
      access_token: hash.get('access_token')!,
      refresh_token: hash.get('refresh_token')!,
    })
    expect((await client.auth.updateUser({ password: 'chosen anew' })).error).toBeNull()
    expect(
      (await gateway.client().auth.signInWithPassword({ email, password: 'chosen anew' })).error,
    ).toBeNull()
  })

  test('of somebody unknown is answered alike, without a mail', async () => {
    const email = newAddress()
    expect((await gateway.client().auth.resetPasswordForEmail(email)).error).toBeNull()
    expect(await mailsTo(email)).toEqual([])
  })
})

describe('a sign-in link', () => {
  test('signs in whoever owns the address, also by its code', async () => {
    const email = await confirmedPerson()
    await gateway.client().auth.signInWithOtp({ email })
    expect(sessionIn(await follow(await linkIn(email))).get('type')).toBe('magiclink')
  })

  test('creates an account that is confirmed by following it, and not before', async () => {
    const email = newAddress()
    expect((await gateway.client().auth.signInWithOtp({ email })).error).toBeNull()
    const confirmedAt = async () =>
      (
        await gateway.database.sql(
          'supabase_admin',
        )`select email_confirmed_at from auth.users where email = ${email}`
      )[0]?.email_confirmed_at
    expect(await confirmedAt()).toBeNull()
    await follow(await linkIn(email))
    expect(await confirmedAt()).not.toBeNull()
  })
})

describe('another address', () => {
  test('is taken on only when its owner confirms it', async () => {
    const { client, email, session } = await signedIn()
    const wanted = newAddress()
    expect((await client.auth.updateUser({ email: wanted })).error).toBeNull()
    expect((await client.auth.getUser()).data.user?.email).toBe(email)
    expect(await mailsTo(email)).toHaveLength(1)
    await follow(await linkIn(wanted))
    expect((await client.auth.getUser()).data.user?.email).toBe(wanted)
    expect(session.user.email).toBe(email)
  })
})

describe('where a link leads', () => {
  test.each([
    'https://evil.test/',
    'http://127.0.0.1:1/',
    'http://127.0.0.1:39999@evil.test/',
    'http://preview.localhost:39999/',
    'javascript:alert(1)',
    '//evil.test',
    'http://localhost.evil.test:39999/',
  ])('is the app, not %s', async (redirectTo) => {
    const email = await confirmedPerson()
    await gateway.client().auth.signInWithOtp({ email, options: { emailRedirectTo: redirectTo } })
    const link = new URL(await linkIn(email))
    expect(link.searchParams.get('redirect_to')).toBe(APP)
    link.searchParams.set('redirect_to', redirectTo)
    expect((await follow(link.href)).headers.get('location')).toMatch(new RegExp(`^${APP}/?#access_token`))
  })
})

test('mails to one address are limited', async () => {
  const email = newAddress()
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => gateway.client().auth.resetPasswordForEmail(email)),
  )
  expect(answers.filter(({ error }) => error?.code === 'over_email_send_rate_limit').length).toBeGreaterThan(
    0,
  )
})

test('neither tokens nor passwords nor keys come into the log', async () => {
  const { session } = await signedIn()
  await fetch(
    `${gateway.url}/rest/v1/teams?apikey=${gateway.config.keys.publishable}&x=${session.access_token}`,
  )
  await eventually(() => expect(gateway.logged.join('')).toContain('/rest/v1/teams'))
  const log = gateway.logged.join('')
  for (const secret of [
    session.access_token,
    session.refresh_token,
    PASSWORD,
    gateway.config.keys.publishable,
  ]) {
    expect(log).not.toContain(secret)
  }
})
