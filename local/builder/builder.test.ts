/** The builder against the real database and Storage: a change of files becomes a deployment. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Building, startBuilding, until } from './testing/building.ts'

let world: Building
beforeAll(async () => {
  world = await startBuilding()
}, 180_000)
afterAll(() => world?.[Symbol.asyncDispose]())

test('a new project is deployed to its preview without being asked', async () => {
  const project = await world.project()
  const { manifest, build } = await world.deployed(project)
  expect(build.errors).toEqual([])
  expect(await world.content(manifest, '/index.html')).toContain('<script type="importmap">')
  expect(manifest).toMatchObject({ format: 1, kind: 'preview', entry: '/index.html' })
})

test('a change makes new what depends on it, and nothing else', async () => {
  const project = await world.project()
  await world.write(project, {
    'src/App.tsx':
      "import { Left } from './left'\nimport { Right } from './right'\nexport default () => <h1><Left /><Right /></h1>\n",
    'src/left.tsx': 'export const Left = () => <b className="p-1">left</b>\n',
    'src/right.tsx': 'export const Right = () => <b>right</b>\n',
  })
  const before = await world.deployed(project)
  await world.write(project, { 'src/left.tsx': 'export const Left = () => <b className="p-7">new</b>\n' })
  const after = await world.deployed(project)
  const [old, now] = [before, after].map(({ manifest }) => manifest.graph as Graph)
  expect(now!.modules['src/right.tsx']).toEqual(old!.modules['src/right.tsx'])
  expect(now!.modules['src/left.tsx']!.own).not.toBe(old!.modules['src/left.tsx']!.own)
  expect(now!.modules['src/App.tsx']!.own).toBe(old!.modules['src/App.tsx']!.own)
  expect(now!.modules['src/App.tsx']!.url).not.toBe(old!.modules['src/App.tsx']!.url)
  expect(await world.content(after.manifest, now!.modules['src/App.tsx']!.url)).toContain(
    now!.modules['src/left.tsx']!.url,
  )
  expect(await world.content(after.manifest, now!.css[0]!)).toContain('.p-7')
})
type Graph = { css: string[]; modules: Record<string, { url: string; own: string }> }

test('an error has its file, its line, its column and how it looks there; the last good preview stays', async () => {
  const project = await world.project()
  const good = await world.deployed(project)
  await world.write(project, {
    'src/App.tsx': "import { no } from './nowhere'\nexport default () => <p>{no}</p>\n",
  })
  const { state, errors } = await world.ended(project)
  expect(state).toBe('failed')
  expect(errors).toEqual([
    {
      file: 'src/App.tsx',
      line: 1,
      column: 20,
      message: 'There is no file "./nowhere" (looked for src/nowhere in the project).',
      frame: expect.stringContaining("> 1 | import { no } from './nowhere'\n    |                     ^"),
    },
  ])
  expect((await world.live(project)).id).toBe(good.id)
  await world.write(project, { 'src/nowhere.ts': 'export const no = 1\n' })
  expect((await world.deployed(project)).id).not.toBe(good.id)
})

test('types are checked beside a preview that is up already', { timeout: 90_000 }, async () => {
  const project = await world.project()
  await world.write(project, { 'src/App.tsx': 'const a: string = 1\nexport default () => <p>{a}</p>\n' })
  const { build } = await world.deployed(project)
  const errors = await until(async () => {
    const [row] = await world.sql`select type_errors from public.builds where id = ${build.id}`
    return row!.type_errors ?? undefined
  })
  expect(errors).toMatchObject([
    {
      file: 'src/App.tsx',
      line: 1,
      column: 6,
      message: "Type 'number' is not assignable to type 'string'. (TS2322)",
    },
  ])
})

test('what is published is minified, split into chunks and named for its content', async () => {
  const project = await world.project()
  await world.write(project, {
    'src/App.tsx':
      "import { lazy, Suspense } from 'react'\nconst Later = lazy(() => import('./later'))\nexport default () => <Suspense><h1 className=\"p-3\">{import.meta.env.MODE}</h1><Later /></Suspense>\n",
    'src/later.tsx': 'export default () => <p>later on</p>\n',
  })
  await world.publish(project)
  const { manifest } = await world.deployed(project, 'production')
  const paths = Object.keys(manifest.files)
  expect(paths.filter((path) => /^\/assets\/.+-[\w-]{8}\.js$/.test(path)).length).toBeGreaterThan(1)
  expect(paths.filter((path) => /^\/assets\/.+\.css$/.test(path))).toHaveLength(1)
  const html = await world.content(manifest, '/index.html')
  expect(html).toMatch(/<script type="module" src="\/assets\/index-[\w-]+\.js">/)
  expect(html).not.toContain('importmap')
  const later = paths.find((path) => path.includes('later'))!
  expect(await world.content(manifest, later)).not.toContain('\n  ')
  expect(manifest.graph).toBeUndefined()
})
