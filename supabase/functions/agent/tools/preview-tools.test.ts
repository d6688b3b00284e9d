import { expect, test } from 'vitest'
import type { Build, BuildError, Deployment, PreviewError } from '../../_shared/protocol.ts'
import { readyCall } from './index.ts'
import { nothingShown, previewOf } from './testing.ts'
import type { Preview, PreviewState, Workspace } from './tool.ts'

const wrong = (message: string, line = 3): BuildError => ({
  file: 'src/App.tsx',
  line,
  column: 7,
  message,
  frame: null,
})

function stateOf(build: Partial<PreviewState['build']>, more: Partial<PreviewState> = {}): PreviewState {
  const whole = { version: 4, errors: [], type_errors: [], reason: null, ...build } as Build & {
    type_errors: BuildError[] | null
  }
  return { version: 4, build: whole, shown: {} as Deployment, reported: [], ...more }
}

async function resultOf(name: string, preview: Preview, input: object = {}, workspace = {} as Workspace) {
  const { tool, input: checked } = readyCall(name, input)
  try {
    const outcome = await tool.run(checked, workspace, preview)
    return outcome.kind === 'done' ? outcome : { result: 'asked', effects: [] }
  } catch (error) {
    return { result: (error as Error).message, effects: [] }
  }
}
const errorsOf = async (...states: PreviewState[]) =>
  (await resultOf('read_preview_errors', previewOf(states))).result

test('a preview that is built and right is said to be so', async () => {
  expect(await errorsOf(stateOf({ state: 'succeeded' }))).toBe(
    'The preview was built without errors, from the files as they are now.\n\nThe types are right.\n\nNobody who has the preview open has seen an error in it.',
  )
})

test('what is wrong is told with its place: build, types, and what the running preview reported', async () => {
  const failed = await errorsOf(
    stateOf({ state: 'failed', errors: [{ ...wrong('Unexpected token'), frame: '3 | let = 1' }] }),
  )
  expect(failed).toContain('src/App.tsx:3:7\nUnexpected token\n3 | let = 1')
  const reported = {
    kind: 'rejection',
    message: 'No such list',
    path: '/lists',
    count: 4,
    frames: [{ file: 'src/lists.ts', line: 9, column: 2, function: 'load' }],
  } as PreviewError
  const ran = await errorsOf(
    stateOf({ state: 'succeeded', type_errors: [wrong('Not a number')] }, { reported: [reported] }),
  )
  expect(ran).toContain('its types are not right:\n\nsrc/App.tsx:3:7\nNot a number')
  expect(ran).toContain('Rejected promise on /lists, 4 times: No such list\n    at load (src/lists.ts:9:2)')
})

test('it waits for the build of what was written, and for its types', async () => {
  const preview = previewOf([
    stateOf({ state: 'succeeded', version: 3 }),
    stateOf({ state: 'pending' }),
    stateOf({ state: 'running' }),
    stateOf({ state: 'succeeded', type_errors: null }),
    stateOf({ state: 'succeeded' }),
  ])
  expect((await resultOf('read_preview_errors', preview)).result).toContain('The types are right.')
  expect(preview.looks).toBe(5)
})

test('it does not wait for ever, and says how far it is', async () => {
  expect(await errorsOf(stateOf({ state: 'running' }))).toContain('still being built')
  expect(await errorsOf(stateOf({ state: 'succeeded', type_errors: null }))).toContain(
    'have not been checked yet',
  )
  expect(await errorsOf(stateOf({ state: 'succeeded', version: 3 }))).toContain('files have changed since')
  expect(await errorsOf(nothingShown)).toBe('No preview has been built yet.')
  expect(await errorsOf(stateOf({ state: 'failed', reason: 'timeout' }))).toContain('The reason is: timeout.')
})

test('a hundred errors are ten, and the rest is counted', async () => {
  const errors = Array.from({ length: 100 }, (_, line) => wrong(`Fault ${line}`, line))
  const told = await errorsOf(stateOf({ state: 'failed', errors }))
  expect(told).toContain('Fault 9')
  expect(told).not.toContain('Fault 10\n')
  expect(told).toContain('90 more errors are not shown.')
})

test('an outline is shown with where it is from, and is bounded', async () => {
  const answer = {
    outline: 'main\n  button “Add”',
    path: '/',
    title: 'Lists',
    viewport: { width: 390, height: 844 },
  }
  expect((await resultOf('preview_outline', previewOf([], answer))).result).toBe(
    'The page / “Lists” in a window of 390 × 844:\n\nmain\n  button “Add”',
  )
  const long = await resultOf('preview_outline', previewOf([], { outline: 'x'.repeat(30_000) }))
  expect(long.result.length).toBeLessThan(20_100)
})

test('the console of the page is shown below it, and is bounded too', async () => {
  const lines = [...Array.from({ length: 40 }, (_, n) => `log: ${n} ${'x'.repeat(900)}`), 7, 'error: the end']
  const { result } = await resultOf('preview_outline', previewOf([], { outline: 'main', console: lines }))
  expect(result).toMatch(/^The page:\n\nmain\n\nIts console:\nlog: 11 x+\n/)
  expect(result).toMatch(/\nerror: the end$/)
  expect(result.length).toBeLessThan(10_000)
})

test.each<[Record<string, unknown> | null, string]>([
  [null, 'Nobody has the preview open'],
  [{ error: 'The frame is gone.' }, 'could not be looked at: The frame is gone.'],
  [{ outline: '  ' }, 'is empty'],
  [{ outline: 7, viewport: 'wide' }, 'is empty'],
])('to the answer %j the tool is honest', async (answer, words) => {
  expect((await resultOf('preview_outline', previewOf([], answer))).result).toContain(words)
})

const withManifest = (content: string | null) =>
  ({
    read: async () => (content === null ? null : { path: 'package.json', version: 7, size: 0, content }),
  }) as unknown as Workspace

const add = (name: string, content: string | null) =>
  resultOf('add_dependency', previewOf(), { name }, withManifest(content))

test('an allowed package is added in its pinned version, and what else is in the file stays', async () => {
  const { result, effects } = await add(
    'recharts',
    '{"name":"app","dependencies":{"react":"19.3.1"},"private":true}',
  )
  expect(result).toMatch(/^recharts \d+\.\d+\.\d+ was added to package\.json\. Import it from "recharts"\.$/)
  expect(effects).toMatchObject([{ kind: 'write', path: 'package.json', base_version: 7 }])
  const written = JSON.parse((effects[0] as { content: string }).content)
  expect(Object.keys(written)).toEqual(['name', 'dependencies', 'private'])
  expect(Object.keys(written.dependencies)).toEqual(['react', 'recharts'])
})

test('a deep import adds its package, and one that is there changes nothing', async () => {
  const { effects } = await add(' motion/react ', null)
  expect(effects).toMatchObject([{ base_version: 0 }])
  const again = await add('motion', (effects[0] as { content: string }).content)
  expect(again.effects).toEqual([])
  expect(again.result).toContain('is there already')
})

test.each([
  'left-pad',
  'constructor',
  '__proto__',
  '../evil',
  'react-dom/server',
  'https://esm.sh/x',
  'a'.repeat(200),
])('the package "%s" is either refused with what there is, or is one of the list', async (name) => {
  const { result, effects } = await add(name, '{}')
  if (effects.length === 0) expect(result).toMatch(/Nothing was added|already/)
  else
    expect(Object.keys(JSON.parse((effects[0] as { content: string }).content).dependencies)).toEqual([
      'react-dom',
    ])
})

test.each(['{', '[]', 'null', '"react"'])('a package.json that is %s is left as it is', async (content) => {
  const { result, effects } = await add('zod', content)
  expect(effects).toEqual([])
  expect(result).toContain('not a JSON object')
})
