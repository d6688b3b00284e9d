import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ALLOWED_DEPENDENCIES, allowedImports, refusalOfImport } from './allowed-dependencies.ts'

const installed = JSON.parse(readFileSync('package.json', 'utf8')) as Record<
  'dependencies' | 'devDependencies',
  Record<string, string>
>

test.each(Object.entries(ALLOWED_DEPENDENCIES))(
  '%s has the version that is installed',
  (name, { version }) => {
    expect(version).toBe(installed.dependencies[name] ?? installed.devDependencies[name])
  },
)

test('what is on the list may be imported, by the names that it gives', () => {
  expect(allowedImports().map(refusalOfImport).filter(Boolean)).toEqual([])
})

test('what is not on the list is refused with the list', () => {
  expect(refusalOfImport('left-pad')).toMatch(/"left-pad" is not among .* react, react-dom, /)
  expect(refusalOfImport('@scope/thing/deep')).toMatch(/^"@scope\/thing" is not among/)
  expect(refusalOfImport('node:fs')).toMatch(/^"node:fs" is not among/)
  expect(refusalOfImport('__proto__')).toMatch(/is not among/)
})

test('the inside of a package is refused with what there is of it', () => {
  expect(refusalOfImport('date-fns/_lib/secret')).toBe(
    '"date-fns/_lib/secret" cannot be imported: of date-fns there is "date-fns", "date-fns/locale".',
  )
})
