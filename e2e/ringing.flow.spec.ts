/** The two ways to call that a person has to allow: a sound, and a notification of the operating system. */
import type { BrowserContext, Page } from '@playwright/test'
import { expect, test } from './fixtures/actors.ts'
import { bringBack, hide } from './fixtures/desk.ts'
import { newProject } from './fixtures/projects.ts'

/** `looked`: how often it was known whether somebody sees another tab. */
type Called = { sounds: number; looked: number; shown: { title: string; body: string }[] }

/** A headless browser neither plays nor shows anything: what it is asked for is written down instead. */
async function listenTo(context: BrowserContext): Promise<void> {
  await context.grantPermissions(['notifications'])
  await context.addInitScript(() => {
    const called: Called = { sounds: 0, looked: 0, shown: [] }
    Object.assign(window, { called })
    window.AudioContext = new Proxy(window.AudioContext, {
      construct(target, given) {
        called.sounds += 1
        return Reflect.construct(target, given)
      },
    })
    const query = navigator.locks.query.bind(navigator.locks)
    navigator.locks.query = async () => {
      const found = await query()
      called.looked += 1
      return found
    }
    window.Notification = new Proxy(window.Notification, {
      construct(_, [title, { body }]: [string, { body: string }]) {
        called.shown.push({ title, body })
        return new EventTarget()
      },
      get: (target, name) => (name === 'permission' ? 'granted' : Reflect.get(target, name)),
    })
  })
}

const calledIn = (page: Page) => page.evaluate(() => (window as unknown as { called: Called }).called)
const bell = (page: Page, unread: number) =>
  expect(page.getByRole('button', { name: /^Notifications/ })).toHaveAccessibleName(
    new RegExp(`${unread} unread$`),
  )

async function readAll(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Notifications/ }).click()
  const list = page.getByRole('dialog', { name: 'Notifications' })
  const markAll = list.getByRole('button', { name: 'Mark all read' })
  await list.getByRole('heading').first().waitFor()
  await expect(async () => {
    if (await markAll.isVisible()) await markAll.click()
    await expect(markAll).toHaveCount(0, { timeout: 1_000 })
  }).toPass()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: 'Notifications', exact: true })).toBeVisible()
}

test('tabs in the background call once, a visible one keeps them from it, and nothing calls that is switched off', async ({
  junior,
}) => {
  test.slow()
  const { id, call } = await newProject('Calling')
  const mention = (words: string) =>
    call('add_comment', {
      project_id: id,
      path: 'index.html',
      body: `@Junior ${words}`,
      client_id: crypto.randomUUID(),
    })
  await listenTo(junior.context())
  await junior.goto('/settings/notifications')
  await readAll(junior)

  await mention('while nothing is allowed')
  await bell(junior, 1)
  await hide(junior)
  await mention('in the background, and nothing is allowed')
  await bell(junior, 2)
  expect(await calledIn(junior)).toEqual({ sounds: 0, looked: 0, shown: [] })

  await bringBack(junior)
  await junior.getByLabel('Play a sound').check()
  await junior.getByLabel('Show notifications of the system').check()
  await mention('in sight')
  await bell(junior, 3)
  await expect.poll(async () => (await calledIn(junior)).sounds).toBe(1)
  expect((await calledIn(junior)).shown).toEqual([])

  await hide(junior)
  await mention('in the background')
  await bell(junior, 4)
  await expect.poll(async () => (await calledIn(junior)).sounds).toBe(2)
  await expect
    .poll(async () => (await calledIn(junior)).shown.map(({ body }) => body))
    .toEqual([expect.stringContaining('in the background')])

  const seen = await junior.context().newPage()
  await seen.goto('/settings/notifications')
  await bell(seen, 4)
  await mention('in two tabs, one of which is looked at')
  for (const tab of [junior, seen]) await bell(tab, 5)
  const sounds = async () => (await calledIn(junior)).sounds + (await calledIn(seen)).sounds
  await expect.poll(sounds).toBe(3)
  await expect.poll(async () => (await calledIn(junior)).looked).toBe(3)
  await hide(seen)
  await mention('in two tabs that nobody looks at')
  const shown = async () =>
    [...(await calledIn(junior)).shown, ...(await calledIn(seen)).shown].map(({ body }) => body)
  await expect
    .poll(shown)
    .toEqual([
      expect.stringContaining('in the background'),
      expect.stringContaining('in two tabs that nobody looks at'),
    ])
  await expect.poll(sounds).toBe(4)
})
