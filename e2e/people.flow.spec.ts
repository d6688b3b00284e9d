import type { Page } from '@playwright/test'
import { expectAccessible } from './fixtures/accessibility.ts'
import { expect, test } from './fixtures/actors.ts'
import { atRest, composer, conversation, createProject, say } from './fixtures/chat.ts'
import { newProject } from './fixtures/projects.ts'

const here = (page: Page) => page.getByRole('button', { name: /^Here: / })
const bell = (page: Page) => page.getByRole('button', { name: /^Notifications/ })
const rings = (page: Page) => expect(bell(page)).toHaveAccessibleName(/\d+ unread$/)
const inbox = (page: Page) => page.getByRole('dialog', { name: 'Notifications' })
const thread = (page: Page, words: string) => page.locator('[data-thread]', { hasText: words })

/** What a browser says of a tab that nobody looks at; a headless one never does. */
const putIntoBackground = (page: Page, isHidden: boolean) =>
  page.evaluate(
    (state) => {
      Object.defineProperty(document, 'visibilityState', { value: state, configurable: true })
      document.dispatchEvent(new Event('visibilitychange'))
    },
    isHidden ? 'hidden' : 'visible',
  )

test('people see each other come, look at files, type and go', async ({ senior, junior }) => {
  test.slow()
  await createProject(senior, 'Here')
  await expect(here(senior)).toHaveCount(0)
  await junior.goto(senior.url())
  await expect(here(senior)).toHaveText('Here: Junior')
  await expect(here(junior)).toHaveText('Here: Senior')
  await expect(senior.getByRole('link', { name: /New chat ?, Junior here/ })).toBeVisible()

  await junior.getByRole('tab', { name: 'Code' }).click()
  await junior.getByRole('treeitem', { name: /index\.html/ }).click()
  await senior.getByRole('tab', { name: 'Code' }).click()
  await expect(senior.getByRole('treeitem', { name: /index\.html ?, Junior here/ })).toBeVisible()

  await composer(junior).pressSequentially('I think')
  await expect(senior.getByText('Junior is typing')).toBeVisible()
  await expectAccessible(senior, 'a project with somebody in it')
  await junior.keyboard.press('Enter')
  await expect(senior.getByText('Junior is typing')).toHaveCount(0)

  const second = await junior.context().newPage()
  await second.goto(senior.url())
  await expect(here(second)).toHaveText('Here: Senior')
  await expect(here(senior)).toHaveText('Here: Junior')
  await second.close()
  await expect(here(senior)).toHaveText('Here: Junior')
  await junior.close()
  await expect(here(senior)).toHaveCount(0)
})

test('who spoke is named from the first, however late the names come', async ({ junior }) => {
  const { id, chatId } = await newProject('Named', 'Hello')
  let letThemCome = () => {}
  const mayCome = new Promise<void>((resolve) => {
    letThemCome = resolve
  })
  await junior.route('**/rpc/team_snapshot', async (route) => {
    await mayCome
    await route.continue()
  })
  const chatCame = junior.waitForResponse('**/rpc/chat_snapshot')
  await junior.goto(`/p/${id}/c/${chatId}`)
  await chatCame
  await expect(junior.getByText('Someone who left')).toHaveCount(0)
  letThemCome()
  await expect(conversation(junior).getByRole('article', { name: 'Owner said' })).toBeVisible()
  await expect(junior.getByText('Someone who left')).toHaveCount(0)
})

test('a mention rings, leads to its place, and is read everywhere', async ({ senior, junior }) => {
  await createProject(senior, 'Ringing')
  await junior.goto('/')
  await composer(senior).pressSequentially('Hello @jun')
  await expect(senior.getByRole('option', { name: 'Junior' })).toHaveAttribute('aria-selected', 'true')
  await expectAccessible(senior, 'the names that the composer offers')
  await senior.keyboard.press('Enter')
  await expect(composer(senior)).toHaveValue('Hello @Junior ')
  await senior.keyboard.type('look')
  await senior.keyboard.press('Enter')

  await rings(junior)
  await putIntoBackground(junior, true)
  await expect(junior).toHaveTitle(/^\(\d+\) /)
  await putIntoBackground(junior, false)
  await expect(junior).toHaveTitle(/^[^(]/)
  await bell(junior).click()
  const list = inbox(junior)
  await expect(list.getByText('Senior mentioned you in “New chat”').first()).toBeVisible()
  await expectAccessible(junior, 'the notifications')
  const told = list.getByRole('link', { name: /Hello @Junior look/ }).first()
  await expect(told).toHaveAttribute('data-unread', 'true')
  await expect(told).toBeFocused()
  await junior.keyboard.press('Enter')
  await expect(junior.locator('[aria-current="location"]')).toContainText('Hello @Junior look')
  await expect(list).toHaveCount(0)
  const elsewhere = await junior.context().newPage()
  await elsewhere.goto('/')
  await bell(elsewhere).click()
  await expect(
    inbox(elsewhere)
      .getByRole('link', { name: /Hello @Junior look/ })
      .first(),
  ).toHaveAttribute('data-unread', 'false')
})

test('a comment on an entry and on lines of a file are live, answered, resolved, and led to', async ({
  senior,
  junior,
}) => {
  test.slow()
  await createProject(senior, 'Comments')
  await junior.goto(senior.url())
  await say(senior, 'Rehearse several tools')
  await atRest(senior)

  const message = conversation(junior).getByRole('article', { name: 'Senior said' })
  await message.hover()
  await conversation(junior).getByRole('button', { name: 'Comment', exact: true }).first().click()
  await junior.getByLabel('New comment').fill('Why several?')
  await expectAccessible(junior, 'a new comment')
  await junior.getByLabel('New comment').press('Enter')
  await expect(thread(junior, 'Why several?')).toBeVisible()

  await rings(senior)
  await bell(senior).click()
  await inbox(senior).getByText('Junior commented in').first().click()
  await expect(thread(senior, 'Why several?')).toBeVisible()
  await thread(senior, 'Why several?').getByLabel('Answer').fill('Because they run at once.')
  await senior.keyboard.press('Enter')
  await expect(thread(junior, 'Because they run at once.')).toBeVisible()
  await thread(junior, 'Because they run').getByRole('button', { name: 'Resolve' }).click()
  await expect(conversation(senior).getByText('1 resolved')).toBeVisible()

  await junior.getByRole('tab', { name: 'Code' }).click()
  await junior.getByRole('treeitem', { name: /index\.html/ }).click()
  await junior.getByRole('textbox', { name: 'index.html' }).press('Control+Home')
  await junior.keyboard.press('Shift+ArrowDown')
  await junior.getByRole('button', { name: 'Comments', exact: true }).click()
  await expect(junior.getByText('Line 1', { exact: true })).toBeVisible()
  await junior.getByLabel('New comment').fill('Is this right, @Senior?')
  await junior.getByRole('button', { name: 'Comment', exact: true }).last().click()
  await expect(junior.locator('.cm-comments span')).toBeVisible()
  await expectAccessible(junior, 'the comments on a file')

  await senior.goto('/')
  await rings(senior)
  await bell(senior).click()
  await inbox(senior).getByText('Junior mentioned you on index.html').first().click()
  await expect(thread(senior, 'Is this right, @Senior?')).toBeVisible()
  await expect(senior.getByRole('textbox', { name: 'index.html' })).toBeVisible()
  await bell(senior).click()
  await inbox(senior).getByRole('link').first().waitFor()
  const markAll = inbox(senior).getByRole('button', { name: 'Mark all read' })
  await expect(async () => {
    if (await markAll.isVisible()) await markAll.click()
    await expect(inbox(senior).locator('[data-unread="true"]')).toHaveCount(0, { timeout: 1_000 })
  }).toPass()
})

test('the settings of the bell are those of this browser', async ({ senior }) => {
  await senior.goto('/settings/notifications')
  await senior.getByLabel('Play a sound').check()
  await senior.reload()
  await expect(senior.getByLabel('Play a sound')).toBeChecked()
  await expectAccessible(senior, 'the settings of notifications')
})
