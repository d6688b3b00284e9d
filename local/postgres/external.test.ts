import { expect, inject, test } from 'vitest'
import { pickFreePorts } from '../launcher/ports.ts'
import { requireUsableServer } from './external.ts'
import '../testing/global-setup.ts'

function url({
  role = 'supabase_admin',
  password = inject('postgres').password,
  database = 'postgres',
} = {}) {
  return `postgresql://${role}:${password}@127.0.0.1:${inject('postgres').port}/${database}`
}

test('a server like ours is accepted', async () => {
  await requireUsableServer(url())
})

test('a login without the rights, with a wrong password or to no database is told apart', async () => {
  await expect(requireUsableServer(url({ role: 'postgres' }))).rejects.toThrow(
    /"postgres", who is no superuser/,
  )
  await expect(requireUsableServer(url({ password: 'wrong' }))).rejects.toThrow(/refuses the login/)
  await expect(requireUsableServer(url({ database: 'none' }))).rejects.toThrow(/has no database "none"/)
})

test('a server that is not there is named by its address', async () => {
  const [port] = await pickFreePorts(1)
  await expect(requireUsableServer(`postgresql://u:p@127.0.0.1:${port}/postgres`)).rejects.toThrow(
    `cannot be reached at 127.0.0.1:${port} (ECONNREFUSED)`,
  )
})
