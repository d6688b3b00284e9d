import { expect, test } from 'vitest'
import { about } from './about.ts'

const model = (variables: Record<string, string>) => about(variables).model

test('tells the version', () => {
  expect(about({ BATON_VERSION: '1.2.3' })).toMatchObject({ version: '1.2.3', protocolVersion: 1 })
})

test('what the stack says about the model counts', () => {
  const stack = { ANTHROPIC_API_KEY: 'k', ANTHROPIC_BASE_URL: 'http://127.0.0.1:54325' }
  expect(model({ ...stack, BATON_MODEL_KIND: 'rehearsal' })).toEqual({
    kind: 'rehearsal',
    label: 'Rehearsal model',
  })
})

test('elsewhere the address and the key tell', () => {
  expect(model({ ANTHROPIC_API_KEY: 'k' })).toEqual({ kind: 'anthropic', label: 'Claude' })
  expect(model({ ANTHROPIC_API_KEY: 'k', ANTHROPIC_BASE_URL: 'https://api.anthropic.com/' }).kind).toBe(
    'anthropic',
  )
  expect(model({ ANTHROPIC_BASE_URL: 'https://user:pass@models.test/v1' })).toEqual({
    kind: 'compatible',
    label: 'Compatible model at models.test',
  })
  expect(model({}).kind).toBe('none')
})

test('no key is ever told', () => {
  expect(
    JSON.stringify(about({ ANTHROPIC_API_KEY: 'sk-secret', SUPABASE_SECRET_KEYS: 'sb_secret' })),
  ).not.toMatch(/sk-|sb_/)
})
