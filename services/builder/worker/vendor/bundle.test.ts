/** The packages as a browser gets them: imported here as it would, each by its own address. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { allowedImports } from '../../../../supabase/functions/_shared/allowed-dependencies.ts'
import { startWorker } from '../../testing/worker.ts'
import type { Vendor, VendorFile } from '../messages.ts'

vi.setConfig({ testTimeout: 60_000 }) // some packages are large
const folder = mkdtempSync(join(tmpdir(), 'baton-vendor-'))
let vendor: Vendor
let files: VendorFile[]
beforeAll(async () => {
  const worker = startWorker({ mode: 'development', memoryMb: 3_000 })
  const answer = await worker.run({ kind: 'vendor' }, 100_000)
  worker.stop()
  if (answer.kind !== 'vendor') throw new Error(JSON.stringify(answer))
  ;({ vendor, files } = answer)
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  for (const { name, content } of files) writeFileSync(join(folder, name), content)
}, 180_000)
afterAll(() => rmSync(folder, { recursive: true }))

const load = async (specifier: string): Promise<Record<string, unknown>> =>
  await import(
    /* @vite-ignore */ pathToFileURL(join(folder, vendor.imports[specifier]!.replace('/@v/', ''))).href
  )

test('every import that is allowed has an address, and nothing is left to be looked up', () => {
  for (const specifier of allowedImports()) {
    expect(vendor.imports[specifier], specifier).toMatch(/^\/@v\/[0-9a-f]{64}\.js$/)
    expect(vendor.preloads[specifier]).toContain(vendor.imports[specifier])
  }
  const known = new Set(files.map(({ name }) => name))
  for (const { content } of files) {
    for (const [, name] of content.matchAll(/from\s*"\.\/([0-9a-f]{64}\.js)"/g)) expect(known).toContain(name)
  }
})

test.each([
  ['react', ['useState', 'default', 'act']],
  ['react-dom/client', ['createRoot']],
  ['react/jsx-dev-runtime', ['jsxDEV', 'Fragment']],
  ['clsx', ['clsx', 'default']],
  ['zod', ['z', 'default']],
  ['lucide-react', ['Sparkles', 'X']],
  ['@tanstack/react-query', ['QueryClient', 'useQuery']],
  ['zustand/middleware', ['persist']],
])('%s exports what it exports', async (specifier, names) => {
  expect(Object.keys(await load(specifier))).toEqual(expect.arrayContaining(names))
})

test('all share one React', async () => {
  const react = await load('react')
  const { default: other } = await load('react')
  expect(other).toHaveProperty('useState', react.useState)
  const copies = files.filter(
    ({ content }) =>
      content.includes('react.production.js') || /exports\.useState\s*=\s*function/.test(content),
  )
  expect(copies).toHaveLength(1)
})

test('a drawing makes the same component of the icon package each time', async () => {
  const { makeIcon } = (await load('baton:icon')) as { makeIcon(drawing: object): { displayName: string } }
  const made = makeIcon({ name: 'arrow-up', size: 24, node: [] })
  expect(made.displayName).toBe('ArrowUp')
  expect(makeIcon({ name: 'arrow-up', size: 24, node: [] })).toBe(made)
})

test('where an element was written is told to who looks on', async () => {
  const { jsxDEV } = (await load('react/jsx-dev-runtime')) as {
    jsxDEV(...given: unknown[]): { props: object }
  }
  const told: unknown[] = []
  Object.assign(globalThis, { __batonElement: (props: object, source: object) => told.push([props, source]) })
  const element = jsxDEV('p', { id: 'a' }, undefined, false, {
    fileName: 'src/a.tsx',
    lineNumber: 3,
    columnNumber: 5,
  })
  expect(told).toEqual([[element.props, { fileName: '/src/a.tsx', lineNumber: 3, columnNumber: 5 }]])
  Reflect.deleteProperty(globalThis, '__batonElement')
})
