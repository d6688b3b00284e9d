import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createLog } from '../log.ts'
import { buildApp } from './build.ts'

const log = createLog('app', () => {})
const roots: string[] = []
afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true, force: true })
})

function smallApp(): string {
  const root = mkdtempSync(join(tmpdir(), 'baton-build-'))
  roots.push(root)
  mkdirSync(join(root, 'src'))
  symlinkSync(join(import.meta.dirname, '../../node_modules'), join(root, 'node_modules'))
  writeFileSync(join(root, 'vite.config.ts'), "export default { root: 'src' }")
  writeFileSync(join(root, 'src/index.html'), '<script type="module" src="./main.js"></script>')
  writeFileSync(join(root, 'src/main.js'), 'document.title = "one"')
  return root
}

const scripts = (root: string) =>
  readdirSync(join(root, 'dist/assets')).map((file) =>
    readFileSync(join(root, 'dist/assets', file), 'utf8').trim(),
  )
const leftovers = (root: string) => readdirSync(root).filter((name) => name.startsWith('.baton-build'))

test('the app is built when something in it changed, and only then', { timeout: 60_000 }, async () => {
  const root = smallApp()
  expect(await buildApp(root, log)).toBe(true)
  expect(await buildApp(root, log)).toBe(false)
  writeFileSync(join(root, 'src/main.js'), 'document.title = "two"')
  expect(await buildApp(root, log)).toBe(true)
  expect(scripts(root).join()).toMatch(/two/)
  expect(leftovers(root)).toEqual([])
})

test('two instances that build at once leave one whole build', { timeout: 60_000 }, async () => {
  const root = smallApp()
  await Promise.all([buildApp(root, log), buildApp(root, log), buildApp(root, log)])
  expect(scripts(root)).toHaveLength(1)
  expect(existsSync(join(root, 'dist/index.html'))).toBe(true)
  expect(leftovers(root)).toEqual([])
})

test('a build that fails says where and keeps the former one', { timeout: 60_000 }, async () => {
  const root = smallApp()
  await buildApp(root, log)
  writeFileSync(join(root, 'src/main.js'), 'document.title = ')
  await expect(buildApp(root, log)).rejects.toThrow(/main\.js/)
  expect(scripts(root).join()).toMatch(/one/)
  expect(leftovers(root)).toEqual([])
})

test('what a killed build left behind is removed', { timeout: 60_000 }, async () => {
  const root = smallApp()
  mkdirSync(join(root, '.baton-build-999999999-x'))
  await buildApp(root, log)
  expect(leftovers(root)).toEqual([])
})
