import type { Page } from '@playwright/test'
import { expectAccessible } from './fixtures/accessibility.ts'
import { expect, test } from './fixtures/actors.ts'
import { atRest, composer, conversation, say } from './fixtures/chat.ts'
import { counter, isMarked, mark, openPreview, preview, statusOf } from './fixtures/preview.ts'
import { goToProject, newProject } from './fixtures/projects.ts'

const APP = 'src/App.tsx'

test('a message becomes a preview without a click, and a follow-up changes it', async ({ owner }) => {
  const project = await newProject('From a message')
  await openPreview(owner, project.id)
  await expect(preview(owner).getByRole('heading', { name: 'Your app begins here' })).toBeVisible()
  await say(owner, 'Build me a todo list')
  await expect(preview(owner).getByRole('heading', { name: 'Tasks' })).toBeVisible({ timeout: 30_000 })
  await expect(statusOf(owner)).toContainText(/Visible [\d.]+ m?s after the last write/)
  await atRest(owner)
  await expect(preview(owner).getByRole('button', { name: 'Done', exact: true })).toHaveCount(0)
  await say(owner, 'Add a filter for open and done tasks')
  await expect(preview(owner).getByRole('button', { name: 'Done', exact: true })).toBeVisible({
    timeout: 30_000,
  })
  await expectAccessible(owner, 'a preview')
})

test('a change is put in place with the state kept, for everybody who looks', async ({ owner, senior }) => {
  const project = await newProject('Counting')
  await project.write(APP, counter('Counting'))
  await openPreview(owner, project.id)
  await openPreview(senior, project.id)
  for (const [page, clicks] of [
    [owner, 3],
    [senior, 1],
  ] as const) {
    await expect(preview(page).getByRole('heading', { name: 'Counting' })).toBeVisible()
    await mark(page)
    for (let click = 0; click < clicks; click += 1) await preview(page).getByRole('button').click()
  }
  await project.write(APP, counter('Still counting'))
  for (const [page, clicks] of [
    [owner, 3],
    [senior, 1],
  ] as const) {
    await expect(preview(page).getByRole('heading', { name: 'Still counting' })).toBeVisible()
    await expect(preview(page).getByRole('button', { name: `Count ${clicks}` })).toBeVisible()
    expect(await isMarked(page)).toBe(true)
  }
  await expect(statusOf(owner)).toContainText(/Visible [\d.]+ m?s/)
})

test('a build that fails leaves the last good preview, and shows the error where it is', async ({
  owner,
}) => {
  const project = await newProject('Broken')
  await project.write(APP, counter('Whole'))
  await openPreview(owner, project.id)
  await expect(preview(owner).getByRole('heading', { name: 'Whole' })).toBeVisible()
  await project.write(APP, counter('Broken', 'const broken = ('))
  const notice = owner.getByRole('alert').filter({ hasText: 'does not build' })
  await expect(notice).toContainText('the last one that worked')
  await expect(preview(owner).getByRole('heading', { name: 'Whole' })).toBeVisible()
  await notice.getByRole('button', { name: 'Show', exact: true }).click()
  const problems = owner.getByRole('region', { name: 'Problems' })
  await expect(problems.getByRole('list', { name: 'Errors of the build' })).toContainText('const broken = (')
  await expectAccessible(owner, 'a preview that does not build')
  await problems
    .getByRole('button', { name: /^src\/App\.tsx:\d+/ })
    .first()
    .click()
  await expect(owner.getByRole('tab', { name: 'Code' })).toHaveAttribute('aria-selected', 'true')
  await expect(owner.getByRole('textbox', { name: APP, exact: true })).toContainText('const broken = (')

  await owner.getByRole('tab', { name: 'Preview' }).click()
  await project.write(APP, counter('Mended'))
  await expect(preview(owner).getByRole('heading', { name: 'Mended' })).toBeVisible()
  await expect(notice).toHaveCount(0)
})

test('what the agent broke is mended by the agent, with nobody asking', async ({ owner }) => {
  const project = await newProject('Weather')
  await openPreview(owner, project.id)
  await say(owner, 'Build a weather board')
  await expect(owner.getByRole('button', { name: 'A word from Baton to the agent' })).toBeVisible({
    timeout: 40_000,
  })
  await expect(preview(owner).getByRole('heading', { name: 'Skies' })).toBeVisible({ timeout: 40_000 })
  await expect(owner.getByRole('alert').filter({ hasText: 'does not build' })).toHaveCount(0)
})

test('an error of the running app is told with its place, and sent to the agent', async ({
  owner,
  senior,
}) => {
  const project = await newProject('Throwing')
  const thrower = `const tell = () => {
    throw new Error('the tasks are gone')
  }`
  await project.write(APP, counter('Throwing', thrower).replace('setCount(count + 1)', 'tell()'))
  await openPreview(owner, project.id)
  await openPreview(senior, project.id)
  await preview(owner).getByRole('button', { name: 'Count 0' }).click()
  for (const page of [owner, senior]) {
    await page.getByRole('button', { name: /^Problems/ }).click()
    await expect(page.getByRole('list', { name: 'Errors of the app' })).toContainText('the tasks are gone')
  }
  await expectAccessible(owner, 'an error of the app')
  const problems = owner.getByRole('region', { name: 'Problems' })
  await problems.getByRole('button', { name: 'Fix it' }).click()
  await expect(conversation(owner)).toContainText('Fix this error of the preview')
  await expect(conversation(owner)).toContainText(/at tell \(src\/App\.tsx:6:\d+\)/)
  await problems.getByRole('button', { name: /^src\/App\.tsx:6/ }).click()
  await expect(owner.getByRole('textbox', { name: APP, exact: true })).toContainText('the tasks are gone')
})

test('an error of an earlier version is past for everybody, until the newest version throws it too', async ({
  owner,
  senior,
}) => {
  const project = await newProject('Past')
  const thrower = (title: string) =>
    counter(title, "const tell = () => {\n    throw new Error('the tasks are gone')\n  }").replace(
      'setCount(count + 1)',
      'tell()',
    )
  await project.write(APP, thrower('First'))
  for (const page of [owner, senior]) {
    await openPreview(page, project.id)
    await page.getByRole('button', { name: /^Problems/ }).click()
  }
  const errorsOf = (page: Page) => page.getByRole('list', { name: 'Errors of the app' })
  await preview(owner).getByRole('button', { name: 'Count 0' }).click()
  for (const page of [owner, senior]) await expect(errorsOf(page)).toContainText('the tasks are gone')
  await project.write(APP, thrower('Second'))
  for (const page of [owner, senior]) {
    await expect(preview(page).getByRole('heading', { name: 'Second' })).toBeVisible()
    await expect(page.getByRole('region', { name: 'Problems' })).toContainText('No problems')
    await expect(page.getByRole('button', { name: 'Fix it' })).toHaveCount(0)
  }
  await preview(senior).getByRole('button', { name: 'Count 0' }).click()
  for (const page of [owner, senior]) {
    await expect(errorsOf(page)).toContainText('the tasks are gone')
    await expect(page.getByRole('button', { name: 'Fix it' })).toBeVisible()
  }
})

test('an error of drawing is told, in place and after a load, with a boundary and without', async ({
  owner,
}) => {
  test.slow()
  const project = await newProject('Drawing')
  await project.write(APP, counter('Fine'))
  await openPreview(owner, project.id)
  await expect(preview(owner).getByRole('heading', { name: 'Fine' })).toBeVisible()
  await owner.getByRole('button', { name: /^Problems/ }).click()
  const faults = owner.getByRole('list', { name: 'Errors of the app' })
  const broken = (words: string) => counter('Broken', `if (count === 0) throw new Error('${words}')`)
  await project.write(APP, broken('caught in place'))
  await expect(faults).toContainText('caught in place')
  await expect(faults).toContainText('src/App.tsx:5')
  await owner.reload()
  await owner.getByRole('button', { name: /^Problems/ }).click()
  await expect(faults.getByText('seen before this page was loaded')).toHaveCount(0)
  await expect(faults).toContainText('caught in place')
  await project.write(
    'src/main.tsx',
    "import { createRoot } from 'react-dom/client'\nimport App from './App'\ncreateRoot(document.getElementById('root')!).render(<App />)\n",
  )
  await project.write(APP, counter('Fine again'))
  await expect(preview(owner).getByRole('heading', { name: 'Fine again' })).toBeVisible()
  await expect(owner.getByRole('region', { name: 'Problems' })).toContainText('No problems')
  await project.write(APP, broken('caught by nobody'))
  await expect(faults).toContainText('caught by nobody')
})

test('the agent sees the page and the console of a preview that somebody has open', async ({ owner }) => {
  const project = await newProject('Seen')
  const says = "console.warn('the list is almost full')\n  console.error('the list is full')"
  await project.write(APP, counter('What the agent sees', says))
  await openPreview(owner, project.id)
  const isTold = owner.waitForResponse('**/rpc/report_preview')
  await preview(owner).getByRole('button', { name: 'Count 0' }).click()
  await expect(preview(owner).getByRole('button', { name: 'Count 1' })).toBeVisible()
  await isTold
  const told = await lookAtPreview(owner)
  expect(told[0]).toContain('h1 "What the agent sees"')
  expect(told[0]).toContain('"Count 1"')
  expect(told[0]).toContain('warn: the list is almost full')
  expect(told[1]).toContain('Console error')
  expect(told[1]).toContain('the list is full')
})

test('with no preview open the agent is told so in time, and goes on', async ({ owner }) => {
  const project = await newProject('Unseen')
  await owner.setViewportSize({ width: 390, height: 780 })
  await goToProject(owner, project.id)
  await expect(owner.locator('iframe')).toBeHidden()
  const [told] = await lookAtPreview(owner)
  expect(told).toContain('Nobody has the preview open')
})

/** What the tools answered, as the lane shows it when all is done. */
async function lookAtPreview(page: Page): Promise<string[]> {
  await say(page, 'Rehearse a look at the preview')
  await expect(conversation(page)).toContainText('go by what I was told', { timeout: 30_000 })
  await atRest(page)
  const lane = page.locator('[data-lane="complete"]')
  await lane.getByRole('button').first().click()
  const results: string[] = []
  for (const tool of [/preview outline/, /read preview errors/]) {
    await lane.getByRole('button', { name: tool }).click()
    results.push((await lane.getByLabel('Result').last().textContent()) ?? '')
  }
  return results
}

test('an element that is pointed at is changed in its file, or goes with a message', async ({
  owner,
  senior,
}) => {
  const project = await newProject('Pointing')
  await project.write(APP, counter('Point here'))
  await openPreview(owner, project.id)
  await openPreview(senior, project.id)
  await expect(preview(owner).getByRole('heading', { name: 'Point here' })).toBeVisible()
  await owner.getByRole('button', { name: 'Pick an element' }).click()
  await preview(owner).getByRole('heading').click()
  const picked = owner.getByRole('region', { name: 'Picked element' })
  await expect(picked).toContainText('<h1>')
  await expect(picked.getByRole('button', { name: /^src\/App\.tsx:8/ })).toBeVisible()
  await picked.getByLabel('Text').fill('Pointed < here')
  await picked.getByRole('button', { name: 'Save the text' }).click()
  for (const page of [owner, senior])
    await expect(preview(page).getByRole('heading', { name: 'Pointed < here' })).toBeVisible()
  await picked.getByRole('button', { name: 'Undo' }).click()
  for (const page of [owner, senior])
    await expect(preview(page).getByRole('heading', { name: 'Point here' })).toBeVisible()
  await expect(picked.getByLabel('Text')).toHaveValue('Point here')
  await picked.getByLabel('Text').fill('Pointed < here')
  await picked.getByRole('button', { name: 'Save the text' }).click()
  await picked.getByLabel('Classes').fill('text-2xl underline')
  await picked.getByRole('button', { name: 'Save the classes' }).click()
  await expect(preview(senior).getByRole('heading')).toHaveCSS('text-decoration-line', 'underline')
  await expectAccessible(owner, 'a picked element')
  await picked.getByRole('button', { name: 'Add to the message' }).click()
  await composer(owner).fill('Rehearse a tool call')
  await owner.keyboard.press('Enter')
  await expect(conversation(owner)).toContainText('<h1>` “Pointed < here”, in App, src/App.tsx:8')
})

test('what is typed while a change of an element is saved is there afterwards', async ({ owner }) => {
  const project = await newProject('Typing on')
  await project.write(APP, counter('Point here'))
  await openPreview(owner, project.id)
  await expect(preview(owner).getByRole('heading', { name: 'Point here' })).toBeVisible()
  await owner.getByRole('button', { name: 'Pick an element' }).click()
  await preview(owner).getByRole('heading').click()
  const picked = owner.getByRole('region', { name: 'Picked element' })
  const [text, saveText] = [picked.getByLabel('Text'), picked.getByRole('button', { name: 'Save the text' })]

  let letItGo = () => {}
  const mayGo = new Promise<void>((resolve) => {
    letItGo = resolve
  })
  await owner.route(/rpc\/save_file/, async (route) => {
    await mayGo
    await route.continue()
  })
  await text.fill('Pointed')
  await saveText.click()
  await text.fill('Pointed at')
  letItGo()
  await expect(picked.getByRole('status')).toContainText('is changed')
  await expect(preview(owner).getByRole('heading', { name: 'Pointed', exact: true })).toBeVisible()
  await expect(text).toHaveValue('Pointed at')
  await saveText.click()
  await expect(preview(owner).getByRole('heading', { name: 'Pointed at' })).toBeVisible()
})

test('on a phone the preview is one tap away, and everything in it can be reached', async ({ owner }) => {
  const project = await newProject('On a phone')
  await project.write(APP, counter('Small'))
  await owner.setViewportSize({ width: 390, height: 780 })
  await goToProject(owner, project.id)
  await owner.getByRole('button', { name: 'Workbench' }).click()
  await expect(preview(owner).getByRole('heading', { name: 'Small' })).toBeVisible()
  await owner.getByRole('button', { name: 'More about the preview' }).click()
  await owner.getByRole('menuitem', { name: 'Open on a phone' }).click()
  await expect(owner.getByRole('img', { name: /^QR code of http/ })).toBeVisible()
  await owner.keyboard.press('Escape')
  await owner.getByRole('button', { name: 'Console', exact: true }).click()
  await expectAccessible(owner, 'a preview on a phone')
  const overflow = await owner.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  expect(overflow).toBeLessThanOrEqual(0)
})
