import { execFileSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { exportFiles, TOOLS } from './export-files.ts'
import type { ZipFile } from './read-zip.ts'

const ROOT = resolve(import.meta.dirname, '../..')

const template = (): ZipFile[] =>
  readdirSync(join(ROOT, 'supabase/template'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name)
      return {
        path: path.slice(join(ROOT, 'supabase/template/').length),
        content: readFileSync(path, 'utf8'),
      }
    })

const exported = (files: ZipFile[], variables: { name: string; value: string }[] = []) =>
  new Map(
    exportFiles({ name: 'Tasks', slug: 'tasks-1', files, variables }).map(({ path, content }) => [
      path,
      content,
    ]),
  )
const dependencies = (files: ZipFile[]) =>
  (JSON.parse(exported(files).get('package.json') ?? '') as { dependencies: object }).dependencies

test('what is exported builds on its own, with its variables', () => {
  using folder = temporaryFolder()
  const files = template().map((file) =>
    file.path === 'src/App.tsx'
      ? { ...file, content: 'export default () => <p className="p-4">{import.meta.env.VITE_GREETING}</p>' }
      : file,
  )
  for (const [path, content] of exported(files, [{ name: 'VITE_GREETING', value: `it's "5 $ each"` }])) {
    mkdirSync(dirname(join(folder.path, path)), { recursive: true })
    writeFileSync(join(folder.path, path), content)
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder.path, 'node_modules'))
  execFileSync(
    process.execPath,
    [join(ROOT, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'error'],
    {
      cwd: folder.path,
    },
  )
  const assets = readdirSync(join(folder.path, 'dist/assets'))
  const script = assets.find((name) => name.endsWith('.js')) ?? ''
  const built = readFileSync(join(folder.path, 'dist/assets', script), 'utf8')
  expect(built).toMatch(/it(\\?)'s \\?"5 \$ each\\?"/)
  expect(assets.some((name) => name.endsWith('.css'))).toBe(true)
}, 60_000)

test('only what is imported is asked for, at the version that it was built with', () => {
  const files = [
    {
      path: 'src/a.tsx',
      content: `import { z } from 'zod'\nconst b = await import("motion/react")\nimport './c.css'`,
    },
  ]
  expect(Object.keys(dependencies(files))).toEqual(['motion', 'react', 'react-dom', 'zod'])
})

test('the tools are those of this repository', () => {
  const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  for (const [name, version] of Object.entries(TOOLS)) expect(devDependencies[name], name).toBe(version)
})

test('what the project has of its own stays', () => {
  const files = [
    { path: 'README.md', content: 'mine' },
    {
      path: 'package.json',
      content: '{"name": "mine", "scripts": {"test": "x"}, "dependencies": {"left": "1"}}',
    },
  ]
  const all = exported(files)
  expect(all.get('README.md')).toBe('mine')
  expect(JSON.parse(all.get('package.json') ?? '')).toMatchObject({
    name: 'mine',
    scripts: { test: 'x', build: 'vite build' },
    dependencies: { left: '1', react: expect.any(String) },
  })
})

function temporaryFolder() {
  const path = mkdtempSync(join(tmpdir(), 'baton-export-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
