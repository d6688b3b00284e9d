import { readdirSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from './fixtures/actors.ts'
import { openPreview, preview } from './fixtures/preview.ts'
import { newProject } from './fixtures/projects.ts'

const SCENARIOS = resolve(import.meta.dirname, '../local/rehearsal/scenarios')
const PICTURES = join(tmpdir(), 'baton-scenarios')

const REQUESTS: Record<string, string> = {
  dashboard: 'Build a sales dashboard',
  expenses: 'Build an expense tracker with a chart',
  habits: 'Build a habit tracker',
  invitation: 'Build an invitation page',
  kanban: 'Build a kanban board with drag and drop',
  landing: 'Design a landing page',
  notes: 'Build a notes app with Markdown',
  pomodoro: 'Build a pomodoro timer',
  quiz: 'Make a quiz',
  recipes: 'Build a recipe box',
  todo: 'Build me a todo list',
  weather: 'Build a weather board',
}

test('every app that can be rehearsed is tried here', () => {
  const apps = readdirSync(SCENARIOS, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  expect(Object.keys(REQUESTS)).toEqual(apps.map(({ name }) => name).sort())
})

for (const [name, request] of Object.entries(REQUESTS)) {
  test(`${name}: what was asked for is built, and its page says nothing wrong`, async ({ owner }) => {
    const complaints: string[] = []
    owner.on('console', (message) => {
      const isOfPreview = message.location().url.includes('.preview.localhost')
      if (isOfPreview && message.type() === 'error') complaints.push(message.text())
    })
    owner.on('pageerror', (error) => complaints.push(error.message))
    const project = await newProject(name, request)
    await openPreview(owner, project.id)
    await answerQuestions(project)
    await expect(async () => {
      const { runs, builds, version, preview_errors } = await stateOf(project)
      expect(runs).toEqual([])
      expect(builds.find(({ kind }) => kind === 'preview')).toMatchObject({ state: 'succeeded', version })
      expect(version).toBeGreaterThan(18)
      expect(preview_errors).toEqual([])
    }).toPass({ timeout: 50_000 })
    const { version } = await stateOf(project)
    await expect(owner.locator(`[data-preview-version="${version}"]`)).toBeVisible()
    await expect(preview(owner).getByRole('heading', { level: 1 }).first()).toBeVisible()
    await expect(preview(owner).getByText('Your app begins here')).toHaveCount(0)
    await mkdir(PICTURES, { recursive: true })
    await owner.screenshot({ path: join(PICTURES, `${name}.png`) })
    expect(complaints).toEqual([])
  })
}

type State = {
  runs: unknown[]
  builds: { kind: string; state: string; version: number }[]
  version: number
  preview_errors: unknown[]
}
type Project = Awaited<ReturnType<typeof newProject>>

const stateOf = async ({ call, id }: Project) => (await call('project_snapshot', { project_id: id })) as State

/** Some ask what it shall be before they begin. */
async function answerQuestions(project: Project): Promise<void> {
  await expect(async () => {
    const { questions, entries } = (await project.call('chat_snapshot', { chat_id: project.chatId })) as {
      questions: { id: string; prompt: { options?: { label: string }[] } }[]
      entries: { tool_call: { name: string } | null }[]
    }
    for (const { id, prompt } of questions) {
      await project.call('answer_question', { question_id: id, answer: prompt.options?.[0]?.label ?? 'Any' })
    }
    expect(entries.some(({ tool_call }) => tool_call?.name === 'write_file')).toBe(true)
  }).toPass({ timeout: 30_000 })
}
