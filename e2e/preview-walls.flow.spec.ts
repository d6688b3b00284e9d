import type { Page } from '@playwright/test'
import type { ProjectSnapshot } from '../supabase/functions/_shared/protocol.ts'
import { expectAccessible } from './fixtures/accessibility.ts'
import { expect, test } from './fixtures/actors.ts'
import { counter, openPreview, preview } from './fixtures/preview.ts'
import { newProject } from './fixtures/projects.ts'
import { batonStatus } from './fixtures/status.ts'

const APP = 'src/App.tsx'
const ENTRY = 'src/main.tsx'

test('a private preview opens for whoever has its link, until the link is renewed, and for nobody else', async ({
  owner,
  senior,
  visitor,
}) => {
  const project = await newProject('Within the team')
  await project.write(APP, counter('For our eyes'))
  for (const page of [owner, senior]) {
    await openPreview(page, project.id)
    await expect(preview(page).getByRole('heading', { name: 'For our eyes' })).toBeVisible()
  }
  const open = await linkOf(owner)
  await visitor.goto(open)
  await expect(visitor.getByRole('heading', { name: 'For our eyes' })).toBeVisible()

  await inMenu(owner, 'Keep it within the team')
  await expect.poll(() => linkOf(owner)).toContain('--')
  const link = await linkOf(owner)
  for (const page of [owner, senior])
    await expect(preview(page).getByRole('heading', { name: 'For our eyes' })).toBeVisible()
  await refused(visitor, open, 403, 'This preview is private', 'Open it from Baton')
  await expectAccessible(visitor, 'a private preview without its link')
  await expect(async () => expect((await visitor.goto(link))?.status()).toBe(200)).toPass()
  await expect(visitor.getByRole('heading', { name: 'For our eyes' })).toBeVisible()
  expect(await visitor.context().cookies()).toEqual([])

  const key = /--([a-z0-9]+)\./.exec(link)?.[1] ?? ''
  const altered = link.replace(key, `${key.slice(0, -1)}${key.endsWith('a') ? 'b' : 'a'}`)
  await refused(visitor, altered, 403, 'This preview is private', 'Open it from Baton')

  await inMenu(owner, 'Renew the address')
  await expect.poll(() => linkOf(owner)).not.toBe(link)
  await refused(visitor, link, 403, 'This preview is private', 'may have been withdrawn')
  await expect(preview(senior).getByRole('heading', { name: 'For our eyes' })).toBeVisible()
  const renewed = await linkOf(owner)
  await expect(async () => expect((await visitor.goto(renewed))?.status()).toBe(200)).toPass()
  await expect(visitor.getByRole('heading', { name: 'For our eyes' })).toBeVisible()
})

test('the pane hears its own preview alone, and believes even that nothing but texts', async ({ owner }) => {
  const project = await newProject('Strangers call')
  await project.write(APP, counter('The real one'))
  await openPreview(owner, project.id)
  await expect(preview(owner).getByRole('heading', { name: 'The real one' })).toBeVisible()
  const address = await linkOf(owner)
  const { hosts } = (await project.call('project_snapshot', { project_id: project.id })) as ProjectSnapshot
  const shown = hosts.find(({ kind }) => kind === 'preview')?.deployment_id ?? ''

  await owner.evaluate(
    (forged) => {
      const frame = document.createElement('iframe')
      frame.srcdoc = `<script>for (const message of ${JSON.stringify(forged)}) parent.postMessage(message, '*')</script>`
      document.body.append(frame)
      for (const message of forged) window.postMessage(message, '*')
      return new Promise((next) => {
        frame.onload = () => setTimeout(next)
      })
    },
    forgeries('a stranger', shown),
  )
  await tellFromPreview(owner, [
    ...forgeries('<img src=x onerror="document.title = `taken`"><b>the app itself</b>', shown),
    { baton: 1, type: 'navigated', path: '@evil.example/', title: 'Taken' },
    { baton: 1, type: 'navigated', path: 'javascript:alert(1)', title: 'Taken' },
  ])

  await owner.getByRole('button', { name: /^Problems/ }).click()
  const faults = owner.getByRole('list', { name: 'Errors of the app' })
  await expect(faults).toContainText('<b>the app itself</b>')
  await expect(faults).not.toContainText('a stranger')
  await expect(owner.getByRole('region', { name: 'Problems' }).locator('img, b')).toHaveCount(0)
  expect(new URL(await linkOf(owner)).origin).toBe(new URL(address).origin)
  expect(await owner.title()).not.toBe('taken')
})

test('an app that is malicious gets at nothing of whoever looks at it', async ({ owner }) => {
  const other = await newProject('Somebody else’s')
  await other.write(APP, counter('Not yours'))
  const project = await newProject('Malicious')
  const { API_URL, PREVIEW_URL } = batonStatus()
  const stranger = PREVIEW_URL.replace('//', `//${other.slug}.`)
  await project.write(ENTRY, attack(API_URL, stranger))
  await openPreview(owner, project.id)
  const before = owner.url()
  await expect(preview(owner).getByRole('status')).toHaveText('done')
  const tries = JSON.parse((await preview(owner).locator('pre').textContent()) ?? '') as Record<
    string,
    string
  >
  for (const [name, outcome] of Object.entries(tries)) expect(outcome, name).toMatch(/^denied/)
  expect(Object.keys(tries)).toHaveLength(10)
  await expect(owner.getByRole('tab', { name: 'Preview' })).toBeVisible()
  expect(owner.url()).toBe(before)
})

const linkOf = async (page: Page) =>
  (await page.getByRole('link', { name: 'Open in a tab of its own' }).getAttribute('href')) ?? ''

async function inMenu(page: Page, item: string): Promise<void> {
  await page.getByRole('button', { name: 'More about the preview' }).click()
  await page.getByRole('menuitem', { name: item }).click()
}

async function refused(page: Page, address: string, status: number, title: string, text: string) {
  await expect(async () => expect((await page.goto(address))?.status()).toBe(status)).toPass()
  await expect(page.getByRole('heading', { name: title })).toBeVisible()
  await expect(page.getByRole('main')).toContainText(text)
}

const forgeries = (words: string, deployment: string) => [
  {
    baton: 1,
    type: 'error',
    error: { id: words, kind: 'error', name: 'Error', message: words, frames: [], deployment, path: '/' },
  },
  { baton: 1, type: 'picked', element: { tag: 'h1', text: words, source: { file: '/etc/passwd', line: 1 } } },
  { baton: 1, type: 'navigated', path: 'https://evil.example/', title: words },
]

/** As the app itself can, which knows what it is. */
async function tellFromPreview(page: Page, messages: object[]): Promise<void> {
  await preview(page)
    .locator('body')
    .evaluate((_, told) => {
      for (const message of told) parent.postMessage(message, '*')
    }, messages)
}

const attack = (api: string, stranger: string) => `
const tries: Record<string, string> = {}
const slow = () => new Promise((_, fail) => setTimeout(() => fail(new Error('slow')), 3000))
async function attempt(name: string, work: () => unknown) {
  try {
    const got = await Promise.race([work(), slow()])
    tries[name] = got === undefined ? 'denied: nothing' : 'GOT ' + String(got)
  } catch (error) {
    tries[name] = 'denied: ' + (error as Error).name
  }
}
const loaded = (element: HTMLElement & { src: string }, src: string) =>
  new Promise((done, fail) => {
    element.onload = () => done('loaded')
    element.onerror = () => fail(new Error('no'))
    element.src = src
    document.body.append(element)
  })

await attempt('session of the viewer', () => Object.keys(parent.localStorage).join())
await attempt('page around', () => parent.document.body.innerHTML)
await attempt('cookies around', () => top!.document.cookie)
await attempt('page around led away', () => { top!.location.href = '${api}/mailbox' })
await attempt('service worker', () => navigator.serviceWorker.register('/worker.js').then(() => 'registered'))
await attempt('API', () => fetch('${api}/rest/v1/projects', { credentials: 'include' }).then(({ status }) => status))
await attempt('API as a script', () => loaded(document.createElement('script'), '${api}/rest/v1/projects'))
await attempt('another project', () => fetch('${stranger}/').then((answer) => answer.text()))
await attempt('another project as an image', () => loaded(new Image(), '${stranger}/icon.svg'))
await attempt('storage of another project', async () => {
  const frame = document.createElement('iframe')
  await Promise.race([loaded(frame, '${stranger}/'), slow()]).catch(() => undefined)
  return frame.contentWindow!.localStorage.length
})
document.body.innerHTML = '<pre></pre><p role="status">done</p>'
document.querySelector('pre')!.textContent = JSON.stringify(tries)
`
