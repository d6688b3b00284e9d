import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import { expectAccessible } from './fixtures/accessibility.ts'
import { expect, test } from './fixtures/actors.ts'
import { composer } from './fixtures/chat.ts'
import { counter, openPreview, preview } from './fixtures/preview.ts'
import { goToProject, newProject } from './fixtures/projects.ts'
import { batonStatus } from './fixtures/status.ts'

const APP = 'src/App.tsx'

test('publishing shows what it changes, then the app is in the world; going back takes one click', async ({
  owner,
  senior,
}) => {
  test.slow()
  const project = await newProject('To the world')
  await project.write(APP, counter('First edition'))
  await openDeployments(owner, project.id)
  await openDeployments(senior, project.id)
  await expect(owner.getByRole('region', { name: 'Production' })).toContainText('Not published')
  await owner.getByRole('banner').getByRole('button', { name: 'Publish' }).click()
  const dialog = owner.getByRole('dialog', { name: 'Publish To the world' })
  await expect(dialog).toContainText('It is the first time')
  await expect(dialog).toContainText(APP)
  await expectAccessible(owner, 'what publishing changes')
  await dialog.getByRole('button', { name: /^Publish version/ }).click()
  await expect(dialog.getByRole('link', { name: 'Open it' })).toBeVisible({ timeout: 30_000 })
  await owner.keyboard.press('Escape')
  const visitor = await owner.context().newPage()
  await visitor.goto(productionOf(project.slug))
  await expect(visitor.getByRole('heading', { name: 'First edition' })).toBeVisible()
  await expect(senior.getByRole('region', { name: 'Production' })).toContainText('is published')

  await project.write(APP, counter('Second edition'))
  await visitor.reload()
  await expect(visitor.getByRole('heading', { name: 'First edition' })).toBeVisible()
  await publish(owner, 'To the world')
  await expectEdition(visitor, 'Second edition')

  await senior.getByLabel('Which builds').selectOption('production')
  await senior.getByRole('button', { name: 'Show this to the world' }).click()
  await expect(senior.getByText(/^The world sees version/)).toBeVisible()
  await expectEdition(visitor, 'First edition')
  await senior.getByRole('button', { name: 'Undo' }).click()
  await expectEdition(visitor, 'Second edition')
  await expectAccessible(senior, 'deployments')

  await senior.getByRole('button', { name: 'Unpublish' }).click()
  await senior.getByRole('dialog').getByRole('button', { name: 'Unpublish' }).click()
  await expect(owner.getByRole('region', { name: 'Production' })).toContainText('Not published')
  await expect(async () => expect((await visitor.reload())?.status()).toBe(404)).toPass()
})

/** The host hears of it at once, but not in the same moment as the page of whoever did it. */
const expectEdition = (visitor: Page, heading: string) =>
  expect(async () => {
    await visitor.reload()
    await expect(visitor.getByRole('heading', { name: heading })).toBeVisible({ timeout: 1_000 })
  }).toPass()

test('a member sees what publishing would change, and whom to ask for it', async ({ junior }) => {
  const project = await newProject('Not mine to give')
  await openDeployments(junior, project.id)
  await junior.getByRole('banner').getByRole('button', { name: 'Publish' }).click()
  const dialog = junior.getByRole('dialog')
  await expect(dialog).toContainText(/Ask .*Owner/)
  await expect(dialog.getByRole('button', { name: /^Publish version/ })).toHaveCount(0)
  await expectAccessible(junior, 'publishing without the right')
})

test('a version that does not build is not published, and says why', async ({ owner }) => {
  const project = await newProject('Broken edition')
  await project.write(APP, 'export default () => <p>')
  await openDeployments(owner, project.id)
  await owner.keyboard.press('p')
  const dialog = owner.getByRole('dialog', { name: 'Publish Broken edition' })
  await dialog.getByRole('button', { name: /^Publish version/ }).click()
  await expect(dialog.getByRole('alert')).toContainText('It was not published', { timeout: 30_000 })
  await expect(dialog.getByRole('list', { name: 'Errors of the build' })).toContainText(APP)
  await dialog.getByRole('button', { name: 'See the log' }).click()
  await expect(owner.getByRole('heading', { name: /^Production of version/ })).toBeVisible()
  await expect(owner.getByRole('button', { name: 'Build again' })).toBeVisible()
  await expectAccessible(owner, 'a build that failed')
})

test('every build is on record, live, with why, how long and how large', async ({ owner }) => {
  const project = await newProject('On record')
  await openDeployments(owner, project.id)
  const record = owner.getByRole('region', { name: 'Record of builds' })
  await expect(record).toContainText('A new project')
  await project.write(APP, counter('Edited'))
  const row = record.getByRole('listitem').filter({ hasText: 'An edit by Owner' })
  await expect(row).toContainText('Built')
  await expect(row).toContainText(/\d ms|\d s/)
  await row.getByRole('button').click()
  await expect(owner.getByRole('region', { name: 'Log' }).getByRole('listitem').first()).toBeVisible()
  await expect(owner).toHaveURL(/build=/)
  await owner.getByRole('button', { name: 'All builds' }).click()
  await owner.getByLabel('Which builds').selectOption('failed')
  await expect(record).toContainText('No build is of this kind')
})

test('a variable reaches the app; what looks like a secret does not', async ({ owner, senior }) => {
  const project = await newProject('Surroundings')
  await project.write(APP, 'export default () => <h1>{import.meta.env.VITE_GREETING ?? "nothing"}</h1>\n')
  await openPreview(senior, project.id)
  await expect(preview(senior).getByRole('heading', { name: 'nothing' })).toBeVisible()
  await openDeployments(owner, project.id)
  await owner.getByRole('button', { name: 'Environment' }).click()
  await addVariable(owner, 'VITE_SECRET_KEY', 'abc')
  await expect(owner.getByRole('region', { name: 'Environment' })).toContainText(/secret/i)
  await addVariable(owner, 'VITE_GREETING', 'Good morning')
  await expect(owner.getByRole('textbox', { name: 'VITE_GREETING' })).toHaveValue('Good morning')
  await expect(preview(senior).getByRole('heading', { name: 'Good morning' })).toBeVisible()
  await expectAccessible(owner, 'the environment')
  await owner.getByRole('button', { name: 'Delete VITE_GREETING' }).click()
  await expect(preview(senior).getByRole('heading', { name: 'nothing' })).toBeVisible()
})

test('a domain says which record shows whose it is', async ({ owner }) => {
  const project = await newProject('With a name')
  await openDeployments(owner, project.id)
  await owner.getByRole('button', { name: 'Domains' }).click()
  await owner.getByLabel('Domain', { exact: true }).fill('tasks.example.com')
  await owner.getByRole('button', { name: 'Add', exact: true }).click()
  const card = owner.getByRole('article', { name: 'tasks.example.com' })
  await expect(card.getByLabel('Name of the record')).toHaveValue('_baton.tasks.example.com')
  await expect(card.getByLabel('Content of the record')).toHaveValue(/^baton-verify=/)
  await expectAccessible(owner, 'a domain that waits')
  await card.getByRole('button', { name: 'Remove tasks.example.com' }).click()
  await expect(card).toHaveCount(0)
})

test('a project is forked with its files, and leaves as a zip that comes back in', async ({ owner }) => {
  const project = await newProject('Original')
  await project.write(APP, counter('As it was'))
  await openPreview(owner, project.id)
  await owner.getByRole('button', { name: 'Chat and project' }).click()
  await owner.getByRole('menuitem', { name: 'Fork the project' }).click()
  await owner.getByLabel('Name of the new project').fill('A copy')
  await owner.getByRole('button', { name: 'Fork', exact: true }).click()
  await expect(owner).not.toHaveURL(new RegExp(project.id))
  await expect(preview(owner).getByRole('heading', { name: 'As it was' })).toBeVisible()

  const download = owner.waitForEvent('download')
  await owner.getByRole('button', { name: 'Chat and project' }).click()
  await owner.getByRole('menuitem', { name: 'Export as zip' }).click()
  const zip = unzipSync(await readFile(await (await download).path()))
  const name = Object.keys(zip).find((path) => path.endsWith(APP)) ?? ''
  expect(Object.keys(zip).some((path) => path.endsWith('/package.json'))).toBe(true)
  const edited = strFromU8(zip[name] ?? new Uint8Array()).replace('As it was', 'As it is now')

  await owner.getByRole('button', { name: 'Chat and project' }).click()
  await owner.getByRole('menuitem', { name: 'Import a zip' }).click()
  await chooseZip(owner, { ...zip, [name]: strToU8(edited), '../../evil.ts': strToU8('evil') })
  const dialog = owner.getByRole('dialog', { name: 'Import a zip' })
  await expect(dialog.getByRole('region', { name: 'What will change' })).toContainText('1 replaced')
  await expect(dialog).toContainText('1 file is left out')
  await expectAccessible(owner, 'what an import changes')
  await dialog.getByRole('button', { name: 'Import' }).click()
  await expect(preview(owner).getByRole('heading', { name: 'As it is now' })).toBeVisible()
})

test('a zip becomes a project of its own; what is no zip is refused in words', async ({ owner }) => {
  await owner.goto('/')
  await owner.getByRole('button', { name: 'From a zip' }).click()
  await owner
    .getByLabel('Zip file')
    .setInputFiles({ name: 'notes.zip', mimeType: 'application/zip', buffer: Buffer.from('hello') })
  await expect(owner.getByRole('alert')).toContainText('no zip file that can be read')
  await chooseZip(owner, {
    'mine/index.html': strToU8(
      '<!doctype html><html lang="en"><head><title>Mine</title></head><body><div id="root"></div><script type="module" src="/src/main.tsx"></script></body></html>',
    ),
    'mine/src/main.tsx': strToU8(
      "import { createRoot } from 'react-dom/client'\ncreateRoot(document.getElementById('root')!).render(<h1>From a zip</h1>)\n",
    ),
  })
  await expect(owner.getByRole('dialog')).toContainText('2 files will be in the project')
  await owner.getByLabel('Name of the project').fill('Out of a zip')
  await owner.getByRole('button', { name: 'Create the project' }).click()
  await expect(composer(owner)).toBeVisible()
  await owner.setViewportSize({ width: 1440, height: 900 })
  await expect(preview(owner).getByRole('heading', { name: 'From a zip' })).toBeVisible()
})

test('a zip of 2,000 files comes in whole: what breaks off halfway has changed nothing, and is gone on with', async ({
  owner,
}) => {
  test.slow()
  await owner.setViewportSize({ width: 1440, height: 900 })
  await owner.goto('/')
  await owner.getByRole('button', { name: 'From a zip' }).click()
  await chooseZip(owner, {
    'index.html': strToU8(
      '<!doctype html><title>Many</title><div id="root"></div><script type="module" src="/src/main.ts"></script>',
    ),
    'src/main.ts': strToU8("import { part } from './part-1.ts'\ndocument.body.append('Part ' + part)\n"),
    ...Object.fromEntries(
      Array.from({ length: 1998 }, (_, n) => [`src/part-${n}.ts`, strToU8(`export const part = ${n}\n`)]),
    ),
  })
  const dialog = owner.getByRole('dialog', { name: 'New project from a zip' })
  await expect(dialog).toContainText('2,000 files will be in the project')
  await dialog.getByLabel('Name of the project').fill('Many files')
  let pieces = 0
  await owner.route('**/rpc/stage_files', (route) => (++pieces === 3 ? route.abort() : route.continue()))
  await dialog.getByRole('button', { name: 'Create the project' }).click()
  await expect(dialog.getByRole('alert')).toContainText('Nothing was changed', { timeout: 30_000 })
  await expect(dialog.getByRole('progressbar', { name: 'Files sent' })).toHaveAttribute('value', '1000')
  await expect(owner.getByRole('link', { name: 'Many files' })).toHaveCount(0)
  await expectAccessible(owner, 'an import that broke off')
  await dialog.getByRole('button', { name: 'Go on' }).click()
  await expect(composer(owner)).toBeVisible({ timeout: 30_000 })
  expect(pieces).toBe(5)
  await expect(preview(owner).getByText('Part 1')).toBeVisible({ timeout: 30_000 })
})

async function openDeployments(page: Page, projectId: string): Promise<void> {
  await page.setViewportSize({ width: 1440, height: 900 })
  await goToProject(page, projectId)
  await page.getByRole('tab', { name: 'Deployments' }).click()
}

async function publish(page: Page, name: string): Promise<void> {
  await page.getByRole('banner').getByRole('button', { name: 'Publish' }).click()
  const dialog = page.getByRole('dialog', { name: `Publish ${name}` })
  await dialog.getByRole('button', { name: /^Publish version/ }).click()
  await expect(dialog.getByRole('link', { name: 'Open it' })).toBeVisible({ timeout: 30_000 })
  await page.keyboard.press('Escape')
}

async function addVariable(page: Page, name: string, value: string): Promise<void> {
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByLabel('Value', { exact: true }).fill(value)
  await page.getByRole('button', { name: 'Add', exact: true }).click()
}

const chooseZip = (page: Page, files: Record<string, Uint8Array>) =>
  page.getByLabel('Zip file').setInputFiles({
    name: 'app.zip',
    mimeType: 'application/zip',
    buffer: Buffer.from(zipSync(files)),
  })

function productionOf(slug: string): string {
  const { protocol, port } = new URL(batonStatus().PREVIEW_URL)
  return `${protocol}//${slug}.apps.localhost:${port}/`
}
