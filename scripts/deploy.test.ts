import { expect, test } from 'vitest'
import { pickKeys, readDeployOptions } from './deploy-options.ts'
import { settingsSql } from './stack-settings.ts'

const REF = 'abcdefghijklmnopqrst'

test('a deployment needs a project and the address of the app, and says which is missing', () => {
  expect(readDeployOptions([], {})).toContain('The project is missing')
  expect(readDeployOptions(['--project-ref', 'my-project'], {})).toContain(
    '"my-project" is not a project ref',
  )
  expect(readDeployOptions(['--project-ref', REF], {})).toContain('The address of the app is missing')
  expect(readDeployOptions([`--project-ref=${REF}`, '--app-url', 'http://x.test'], {})).toContain(
    'must be an https address',
  )
})

test('the address of the app is its origin, from the option or the environment', () => {
  const expected = { projectRef: REF, appUrl: 'https://baton.test', withDemo: false }
  expect(readDeployOptions(['--project-ref', REF, '--app-url', 'https://baton.test/x/'], {})).toEqual(
    expected,
  )
  expect(readDeployOptions(['--project-ref', REF], { BATON_APP_URL: 'https://baton.test' })).toEqual(expected)
})

test('the opaque keys are picked, and a project that has only the old ones is noticed', () => {
  const old = { name: 'anon', type: 'legacy', api_key: 'eyJ' }
  const keys = [old, { type: 'publishable', api_key: 'sb_p' }, { type: 'secret', api_key: 'sb_s' }]
  expect(pickKeys(keys)).toEqual({ publishable: 'sb_p', secret: 'sb_s' })
  expect(pickKeys([old])).toBeNull()
  expect(pickKeys({ message: 'no' })).toBeNull()
})

test('a quote in a value cannot end the literal it is in', () => {
  const sql = settingsSql({ appUrl: "https://x.test/'; drop", functionsUrl: 'https://f', secretKey: "s'k" })
  expect(sql).toContain("'https://x.test/''; drop'")
  expect(sql).toContain("'s''k'")
})
