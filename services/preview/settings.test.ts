import { expect, test } from 'vitest'
import { readHostSettings } from './settings.ts'

const COMPLETE = {
  DATABASE_URL: 'postgresql://db/postgres',
  SUPABASE_URL: 'https://ref.supabase.co/',
  SUPABASE_SECRET_KEY: 'sb_secret_x',
  BATON_APP_URL: 'https://baton.example.com/',
  BATON_PREVIEW_DOMAIN: 'Preview.example.com',
  BATON_APPS_DOMAIN: 'apps.example.com',
}

test('a complete environment is taken, with the local address where none is given', () => {
  expect(readHostSettings(COMPLETE)).toMatchObject({
    apiUrl: 'https://ref.supabase.co',
    appOrigins: ['https://baton.example.com'],
    preview: 'preview.example.com',
    listenOn: { host: '127.0.0.1', port: 8080 },
  })
})

test.for([
  [{ DATABASE_URL: undefined, BATON_APPS_DOMAIN: '' }, 'Set DATABASE_URL, BATON_APPS_DOMAIN;'],
  [{ BATON_APP_URL: 'baton' }, 'BATON_APP_URL is no address'],
  [{ BATON_PREVIEW_DOMAIN: 'https://*.example.com' }, 'is no domain'],
  [{ PORT: '99999' }, 'PORT is "99999"'],
] as const)('%j is answered with what to do', ([change, sentence]) => {
  expect(readHostSettings({ ...COMPLETE, ...change })).toContain(sentence)
})
