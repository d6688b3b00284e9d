import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { requireSecret, requireUser } from './auth.ts'

const request = (headers: Record<string, string>) => new Request('http://functions.test/mail', { headers })

beforeEach(() => void vi.stubEnv('SUPABASE_SECRET_KEYS', '{"default":"sb_secret_a","next":"sb_secret_b"}'))
afterEach(() => void vi.unstubAllEnvs())

test.for(['sb_secret_a', 'sb_secret_b'])('the secret key %s opens', async (apikey) => {
  await expect(requireSecret(request({ apikey }))).resolves.toBeUndefined()
})

test.for(['', 'sb_secret_', 'sb_secret_aa', 'sb_secret_c', 'sb_publishable_a'])(
  'the key "%s" does not',
  async (apikey) => {
    await expect(requireSecret(request({ apikey }))).rejects.toMatchObject({ code: 'BT002' })
  },
)

test('without a token nobody is signed in', async () => {
  await expect(requireUser(request({}))).rejects.toMatchObject({ code: 'BT001' })
  await expect(requireUser(request({ authorization: 'Basic YTpi' }))).rejects.toMatchObject({ code: 'BT001' })
})
