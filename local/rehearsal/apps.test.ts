/** Every app that can be rehearsed, built to its end: it is typed, it bundles, and a browser shows it without a complaint. */
import { type Browser, chromium } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findChromium } from '../../scripts/chromium.ts'
import { createLog } from '../log.ts'
import { throwawayConfig } from '../testing/throwaway.ts'
import { loadScripts } from './script/load.ts'
import type { Script } from './script/script.ts'
import { OUR_SCENARIOS, startModel } from './start.ts'
import { AppBuilder, AppFolder, open } from './testing/built-app.ts'
import { Chat, expectNoErrors, textOf } from './testing/chat.ts'
import { Project } from './testing/project.ts'

const APPS = loadScripts(OUR_SCENARIOS).filter(({ app }) => app !== null)
const GENERAL = [
  'Make it dark',
  'Change the accent colour to teal',
  'Rename it to Second try',
  'Add a button for light and dark',
]
const LEFT_OUT = /was changed at|has changed where|find no|found no|already/

let model: Awaited<ReturnType<typeof startModel>>
let browser: Browser
const folder = new AppFolder()
const builder = new AppBuilder()
beforeAll(async () => {
  const config = throwawayConfig({ dataDir: '/nonexistent', databasePort: 0 })
  model = await startModel({ config, log: createLog('model', () => {}), pace: 'instant' })
  const executablePath = findChromium()
  browser = await chromium.launch({ ...(executablePath ? { executablePath } : {}), args: ['--no-sandbox'] })
})
afterAll(async () => {
  folder[Symbol.dispose]()
  builder[Symbol.dispose]()
  await browser?.close()
  await model?.stop()
})

/** The app, and the wishes made of it one after the other; each is met wholly. */
async function built({ requests }: Script, wishes: string[]): Promise<Chat> {
  const chat = new Chat(model.port)
  await chat.say(requests[0]!.example)
  for (const wish of wishes) {
    const before = JSON.stringify([...chat.project.files])
    expect(textOf(await chat.say(wish)), wish).not.toMatch(LEFT_OUT)
    expect(JSON.stringify([...chat.project.files]), wish).not.toBe(before)
  }
  expectNoErrors(chat)
  return chat
}

const wishesOf = ({ requests }: Script) => requests.slice(1).map(({ example }) => example)
/** What mends a first version that does not build comes before all else. */
const repairsOf = (script: Script) => wishesOf(script).filter((wish) => wish === 'It does not build')
const changesOf = (script: Script) => wishesOf(script).filter((wish) => wish !== 'It does not build')

test('there are at least ten apps, each with three changes of its own', () => {
  expect(APPS.length).toBeGreaterThanOrEqual(10)
  for (const app of APPS) expect(changesOf(app).length, app.slug).toBeGreaterThanOrEqual(3)
})

describe.for(APPS)('$app', (script) => {
  test('each change can be made alone, all can be made in any order, and general ones too', async () => {
    const changes = changesOf(script)
    const repairs = repairsOf(script)
    const orders = [[], ...changes.map((change) => [change]), changes, changes.toReversed()]
    for (const [index, order] of orders.entries()) {
      const { project } = await built(script, [...repairs, ...order])
      folder.write(`${script.slug}-${index}`, project)
    }
    const { project } = await built(script, [...repairs, ...GENERAL, ...changes])
    expect(project.name).toBe('Second try')
    folder.write(`${script.slug}-general`, project)
  })

  test.each(['preview', 'production'] as const)('a browser shows its %s', async (kind) => {
    const { project } = await built(script, [...repairsOf(script), ...changesOf(script)])
    const seen = await open(browser, await builder[kind](project))
    expect(seen.complaints).toEqual([])
    expect(seen.heading.trim()).not.toBe('')
    expect(seen.text.length).toBeGreaterThan(40)
  })
})

describe('what a project begins with', () => {
  test.each(['preview', 'production'] as const)('is an app whose %s a browser shows', async (kind) => {
    const project = new Project()
    folder.write('template', project)
    const seen = await open(browser, await builder[kind](project))
    expect(seen.complaints).toEqual([])
    expect(seen.heading).toBe('Your app begins here')
  })

  test('says what went wrong where a page cannot be drawn', async () => {
    const project = new Project()
    project.save(
      'src/App.tsx',
      "export default function App(): null {\n  throw new Error('No such thing')\n}\n",
    )
    const seen = await open(browser, await builder.preview(project))
    expect(seen.heading).toBe('This page stopped working')
    expect(seen.text).toContain('No such thing')
    expect(seen.complaints.filter((complaint) => !complaint.includes('No such thing'))).toEqual([])
  })
})

test('TypeScript has nothing to say about any of them', { timeout: 120_000 }, () => {
  expect(folder.typeErrors()).toBe('')
})

test('the one with a mistake does not build before it is mended', async () => {
  const weather = APPS.find(({ slug }) => slug === 'weather')!
  const { project } = await built(weather, [])
  await expect(builder.preview(project)).rejects.toThrow(/forecast\.tsx/)
  await expect(builder.production(project)).rejects.toThrow(/forecast\.tsx/)
})
