import { describe, expect, test } from 'vitest'
import { readOptions } from './options.ts'

const read = (environment: Record<string, string>, ...argv: string[]) =>
  readOptions(argv, environment, '/baton')

describe('what a start is told', () => {
  test('nothing said means port 54321, .baton and the rehearsal model', () => {
    expect(read({})).toMatchObject({
      firstPort: 54321,
      dataDir: '/baton/.baton',
      reset: false,
      model: { kind: 'rehearsal' },
    })
  })

  test.each(['0', '-1', '65532', 'http', '1.5', ' '])(
    'BATON_PORT="%s" is refused with what is allowed',
    (port) => {
      expect(() => read({ BATON_PORT: port })).toThrow('must be a number from 1 to 65531')
    },
  )

  test('an unknown option is refused rather than ignored', () => {
    expect(() => read({}, '--resett')).toThrow('"--resett" is not an option')
  })

  test('a key means Claude, an address means a compatible endpoint', () => {
    expect(read({ ANTHROPIC_API_KEY: 'k' }).model.kind).toBe('anthropic')
    expect(read({ ANTHROPIC_API_KEY: 'k', ANTHROPIC_BASE_URL: 'http://127.0.0.1:9' }).model).toMatchObject({
      kind: 'compatible',
      baseUrl: 'http://127.0.0.1:9',
    })
  })

  test('what the shell sets for the agents is passed on, and refused where it makes no sense', () => {
    const settings = {
      BATON_MODEL: 'claude-opus-5-5',
      BATON_WALL_SECONDS: '400',
      BATON_LEASE_SECONDS: '2.5',
      BATON_RUN_BUDGET_DOLLARS: '0.5',
    }
    expect(read(settings).agentSettings).toEqual(settings)
    expect(read({ BATON_MODEL: '' }).agentSettings).toEqual({})
    expect(() => read({ BATON_MODEL: 'the best one' })).toThrow('must be the name of a model')
    expect(() => read({ BATON_WALL_SECONDS: '2m' })).toThrow('must be a number of seconds from 10 to')
    expect(() => read({ BATON_LEASE_SECONDS: '0' })).toThrow(
      'BATON_LEASE_SECONDS is "0", and must be a number',
    )
    expect(() => read({ BATON_RUN_BUDGET_DOLLARS: '-1' })).toThrow('a number of dollars from 0.01')
  })

  test('an address that is none is refused', () => {
    expect(() => read({ ANTHROPIC_BASE_URL: 'localhost:9' })).toThrow('must begin with http')
    expect(() => read({ DATABASE_URL: 'mysql://x' })).toThrow('DATABASE_URL must look like')
  })
})
