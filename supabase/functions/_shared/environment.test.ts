import { expect, test } from 'vitest'
import { publishableKeys, required, secretKeys } from './environment.ts'

test('a missing variable is named', () => {
  expect(() => required('SMTP_HOST', {})).toThrow('The environment variable SMTP_HOST is not set.')
  expect(() => required('SMTP_HOST', { SMTP_HOST: '' })).toThrow('SMTP_HOST')
  expect(required('SMTP_HOST', { SMTP_HOST: 'relay' })).toBe('relay')
})

test('keys come from the dictionary, the default first, and then from the older variable', () => {
  const variables = {
    SUPABASE_SECRET_KEYS: '{"rotated":"sb_secret_2","default":"sb_secret_1"}',
    SUPABASE_SERVICE_ROLE_KEY: 'eyJ.old.key',
  }
  expect(secretKeys(variables)).toEqual(['sb_secret_1', 'sb_secret_2', 'eyJ.old.key'])
})

test('either variable will do, and the same key counts once', () => {
  expect(publishableKeys({ SUPABASE_ANON_KEY: 'a' })).toEqual(['a'])
  expect(publishableKeys({ SUPABASE_PUBLISHABLE_KEYS: '{"default":"a"}' })).toEqual(['a'])
  expect(publishableKeys({ SUPABASE_PUBLISHABLE_KEYS: '{"default":"a"}', SUPABASE_ANON_KEY: 'a' })).toEqual([
    'a',
  ])
})

test('when there is no key, both names are told', () => {
  expect(() => secretKeys({ SUPABASE_SECRET_KEYS: '{}' })).toThrow(
    'Neither SUPABASE_SECRET_KEYS nor SUPABASE_SERVICE_ROLE_KEY is set',
  )
  expect(() => secretKeys({ SUPABASE_SECRET_KEYS: 'sb_secret_1' })).toThrow('must be a JSON object of keys')
})
