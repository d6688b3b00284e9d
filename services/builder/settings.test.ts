import { expect, test } from 'vitest'
import { readBuilderSettings } from './settings.ts'

const COMPLETE = {
  DATABASE_URL: 'postgresql://postgres@db/postgres',
  SUPABASE_URL: 'https://ref.supabase.co/',
  SUPABASE_SECRET_KEY: 'sb_secret_x',
}

test('what a builder needs is the database, the API and its secret key', () => {
  expect(readBuilderSettings(COMPLETE)).toMatchObject({
    databaseUrl: 'postgresql://postgres@db/postgres',
    apiUrl: 'https://ref.supabase.co',
    secretKey: 'sb_secret_x',
    blobFolder: null,
  })
})

test.each(Object.keys(COMPLETE))('%s is asked for by name', (name) => {
  expect(readBuilderSettings({ ...COMPLETE, [name]: undefined })).toMatch(new RegExp(`^${name} is missing`))
})

test('a port that is none is refused', () => {
  expect(readBuilderSettings({ ...COMPLETE, BATON_BUILDER_PORT: 'ten' })).toContain('between 1 and 65535')
})
