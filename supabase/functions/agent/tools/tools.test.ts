import { expect, test } from 'vitest'
import { readyCall, TOOL_DEFINITIONS, TOOLS } from './index.ts'
import { previewOf } from './testing.ts'
import type { FileContent, Outcome, Workspace } from './tool.ts'

function workspaceOf(files: Record<string, string>): Workspace & { seen: Map<string, number> } {
  const contents: FileContent[] = Object.entries(files).map(([path, content], at) => ({
    path,
    content,
    version: at + 1,
    size: content.length,
  }))
  const seen = new Map<string, number>()
  return {
    seen,
    list: async () => contents,
    read: async (path) => contents.find((file) => file.path === path) ?? null,
    readAll: async () => contents,
    versionSeen: (path) => seen.get(path),
    saw: (path, version) => void seen.set(path, version),
  }
}

async function run(workspace: Workspace, name: string, input: unknown): Promise<Outcome> {
  const { tool, input: checked } = readyCall(name, input)
  return await tool.run(checked, workspace, previewOf())
}
const resultOf = async (workspace: Workspace, name: string, input: unknown) => {
  try {
    const outcome = await run(workspace, name, input)
    return outcome.kind === 'done' ? outcome.result : outcome.question
  } catch (error) {
    return (error as Error).message
  }
}

const APP = { 'src/App.tsx': 'one\ntwo\nthree\n', 'src/empty.ts': '', 'README.md': 'Two things\n' }

test('what a tool is told is what it is described by', () => {
  for (const { name, description, input_schema } of TOOL_DEFINITIONS) {
    expect(name).toMatch(/^[a-z_]+$/)
    expect(description.length).toBeGreaterThan(80)
    expect(input_schema).toMatchObject({ type: 'object', additionalProperties: false })
  }
  expect(new Set(TOOLS.map(({ name }) => name)).size).toBe(TOOLS.length)
})

test('a range of a file is shown with its numbers, and what was seen is remembered', async () => {
  const workspace = workspaceOf(APP)
  expect(await resultOf(workspace, 'read_file', { path: './src/App.tsx' })).toBe(
    'src/App.tsx, 3 lines:\n1\tone\n2\ttwo\n3\tthree',
  )
  expect(await resultOf(workspace, 'read_file', { path: 'src/App.tsx', from_line: 2, to_line: 2 })).toBe(
    'src/App.tsx, lines 2–2 of 3:\n2\ttwo',
  )
  expect(await resultOf(workspace, 'read_file', { path: 'src/App.tsx', from_line: 9 })).toBe(
    'src/App.tsx has 3 lines; there is no line 9.',
  )
  expect(await resultOf(workspace, 'read_file', { path: 'src/empty.ts' })).toBe('src/empty.ts is empty.')
  expect(workspace.seen.get('src/App.tsx')).toBe(1)
})

test('a file that is too long to show is shown in parts that fit', async () => {
  const line = 'x'.repeat(100)
  const workspace = workspaceOf({ 'long.txt': `${line}\n`.repeat(2_000), 'wide.txt': 'y'.repeat(100_000) })
  const first = String(await resultOf(workspace, 'read_file', { path: 'long.txt' }))
  expect(first).toMatch(/^long\.txt, lines 1–555 of 2000:/)
  expect(first).toContain('go on with from_line 556')
  expect(String(await resultOf(workspace, 'read_file', { path: 'wide.txt' })).length).toBeLessThan(61_000)
})

test('a file that is not there is answered with those that may be meant', async () => {
  expect(await resultOf(workspaceOf(APP), 'read_file', { path: 'app.tsx' })).toBe(
    'There is no file app.tsx. There are: src/App.tsx, README.md.',
  )
})

test('text is found literally or by pattern, with the lines around it', async () => {
  const workspace = workspaceOf(APP)
  expect(await resultOf(workspace, 'search_files', { query: 'two' })).toBe(
    'src/App.tsx:2: two\nREADME.md:1: Two things',
  )
  expect(await resultOf(workspace, 'search_files', { query: '^t\\w+$', regex: true, context: 1 })).toBe(
    'src/App.tsx-1- one\nsrc/App.tsx:2: two\nsrc/App.tsx-3- three\n--\nsrc/App.tsx-2- two\nsrc/App.tsx:3: three',
  )
  expect(
    await resultOf(workspace, 'search_files', { query: 'Two', case_sensitive: true, folder: 'src' }),
  ).toBe('No line in src/ (2 files) matches the text Two')
  expect(await resultOf(workspace, 'search_files', { query: '(', regex: true })).toBe(
    'The pattern ( cannot be used: a "(" is not closed.',
  )
})

test('a change is based on the version that was seen, else on the one that is there, else on none', async () => {
  const workspace = workspaceOf(APP)
  const baseOf = async (path: string) => {
    const outcome = await run(workspace, 'write_file', { path, content: 'x' })
    return outcome.kind === 'done' ? outcome.effects[0] : null
  }
  expect(await baseOf('src/new.ts')).toMatchObject({ base_version: 0 })
  expect(await baseOf('README.md')).toMatchObject({ base_version: 3 })
  workspace.saw('README.md', 2)
  expect(await baseOf('README.md')).toMatchObject({ base_version: 2 })
  expect(
    await resultOf(workspace, 'edit_file', { path: 'README.md', edits: [{ search: 'Two', replace: '2' }] }),
  ).toMatch(/^Somebody changed README\.md since you last saw it/)
})

test('calls that touch the same path are known to, however it is spelled', () => {
  const paths = (name: string, input: unknown) => readyCall(name, input).paths
  expect(paths('write_file', { path: '/src/./a.ts', content: '' })).toEqual(['src/a.ts'])
  expect(paths('move_file', { from: 'src\\a.ts', to: 'b.ts' })).toEqual(['src/a.ts', 'b.ts'])
})

test('what is wrong with an input is said with its place', () => {
  const complaint = (name: string, input: unknown) => {
    try {
      readyCall(name, input)
    } catch (error) {
      return (error as Error).message
    }
  }
  expect(complaint('set_plan', { items: [{ text: '', state: 'later' }] })).toContain(
    'items[0].text is empty; items[0].state must be one of todo, doing, done, not "later"',
  )
  expect(complaint('edit_file', { path: 'a', edits: [], extra: 1 })).toContain(
    'input has no "extra"; it knows path, edits; edits needs at least 1 item',
  )
  expect(complaint('read_file', [])).toContain('input must be an object, not an array')
  expect(complaint('read_file', { path: 'a', from_line: 0.5 })).toContain('from_line must be a whole number')
})

test('a question without options is answered in own words', async () => {
  expect(await resultOf(workspaceOf({}), 'ask_user', { question: 'What?', free_text: false })).toEqual({
    question: 'What?',
    options: [],
    multiple: false,
    free_text: true,
  })
})
