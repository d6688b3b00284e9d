import { expectAccessible } from './fixtures/accessibility.ts'
import { expect, test } from './fixtures/actors.ts'
import {
  answers,
  atRest,
  chatIn,
  composer,
  conversation,
  createProject,
  newChat,
  said,
  say,
} from './fixtures/chat.ts'

test('a chat is forked from an answer, and from a message, which is then said differently', async ({
  senior,
  junior,
}) => {
  await createProject(senior, 'Forks')
  await junior.goto(senior.url())
  await say(senior, 'Rehearse several tools')
  await expect(junior.locator('[data-lane="complete"]')).toHaveCount(2, { timeout: 20_000 })
  await atRest(junior)
  const first = chatIn(junior)

  await answers(junior).nth(1).hover()
  await answers(junior).nth(1).getByRole('button', { name: 'Fork the chat from here' }).click()
  await expect(junior).not.toHaveURL(new RegExp(first))
  await expect(said(junior, /Forked from/)).toBeVisible()
  await expect(junior.locator('[data-lane="complete"]')).toHaveCount(2)
  await expect(answers(junior)).toHaveCount(2)
  await expectAccessible(junior, 'a forked chat')
  await say(junior, 'Rehearse thinking')
  await expect(said(junior, 'That was thinking')).toBeVisible({ timeout: 20_000 })
  await expect(said(senior, 'Rehearse thinking')).toHaveCount(0)

  const message = senior.getByRole('article', { name: 'Senior said' })
  await message.hover()
  await message.getByRole('button', { name: 'Fork the chat from here' }).click()
  await expect(composer(senior)).toHaveValue('Rehearse several tools')
  await expect(answers(senior)).toHaveCount(0)
})

test('what was said is found from the keyboard, and gone to, in whichever chat it stands', async ({
  senior,
}) => {
  await createProject(senior, 'Needles')
  await say(senior, 'Rehearse thinking')
  await expect(said(senior, 'That was thinking')).toBeVisible({ timeout: 20_000 })
  await atRest(senior)
  const first = chatIn(senior)
  await newChat(senior)
  await expect(senior).not.toHaveURL(new RegExp(first))

  await senior.getByRole('main').focus()
  await senior.keyboard.press('f')
  const dialog = senior.getByRole('dialog', { name: 'Search the chats' })
  await dialog.getByRole('combobox').fill('thinking that')
  await expect(dialog.getByRole('option').first()).toContainText('That was thinking')
  await expectAccessible(senior, 'the search with hits')
  await senior.keyboard.press('Enter')
  await expect(senior).toHaveURL(new RegExp(`${first}.*entry=`))
  await expect(conversation(senior).locator('[aria-current="location"]')).toContainText('That was thinking')
  await senior.reload()
  await expect(conversation(senior).locator('[aria-current="location"]')).toContainText('That was thinking')

  await senior.getByRole('main').focus()
  await senior.keyboard.press('f')
  await dialog.getByRole('combobox').fill('xylophone')
  await expect(dialog).toContainText('Nobody said that in this project.')
  await expectAccessible(senior, 'the search without hits')
})

test('a chat is renamed and archived from the palette, and taken out of the archive again', async ({
  senior,
  junior,
}) => {
  await createProject(senior, 'Archive')
  await newChat(senior)
  await junior.goto(senior.url())
  const choose = async (words: string) => {
    await senior.keyboard.press('ControlOrMeta+k')
    await senior.getByRole('combobox').fill(words)
    await senior.keyboard.press('Enter')
  }
  await choose('rename new chat')
  await senior.getByLabel('Name of the chat').fill('Put away')
  await senior.keyboard.press('Enter')
  await expect(junior.getByRole('heading', { name: 'Put away' })).toBeVisible()
  await choose('archive put away')
  await expect(junior.getByText('This chat is in the archive.')).toBeVisible()

  await junior.getByRole('button', { name: /^In the archive/ }).click()
  const archive = junior.getByRole('dialog', { name: 'Chats in the archive' })
  await expectAccessible(junior, 'the chats in the archive')
  await archive.getByRole('button', { name: 'Take out Put away' }).click()
  await expect(archive).toContainText('Nothing is in the archive')
  await expect(composer(senior)).toBeVisible()
})

test('on a phone the workbench is in the address: a reload keeps it, and back leads to the chat', async ({
  junior,
}) => {
  await createProject(junior, 'In the hand')
  await junior.setViewportSize({ width: 390, height: 800 })
  const pane = (name: string) => junior.getByRole('button', { name, exact: true })
  await expect(pane('Chat')).toHaveAttribute('aria-pressed', 'true')
  await pane('Workbench').click()
  await junior.getByRole('tab', { name: 'Code', exact: true }).click()
  await expect(junior).toHaveURL(/pane=workbench/)
  await junior.reload()
  await expect(junior.getByRole('tab', { name: 'Code', exact: true })).toBeVisible()
  await expect(pane('Workbench')).toHaveAttribute('aria-pressed', 'true')
  await junior.goBack()
  await expect(pane('Chat')).toHaveAttribute('aria-pressed', 'true')
  await expect(junior.getByLabel('Message', { exact: true })).toBeVisible()
  await junior.goForward()
  await expect(junior.getByRole('tab', { name: 'Code', exact: true })).toBeVisible()
})

test('the place in the workbench is in the address: reloading and going back restore it', async ({
  senior,
}) => {
  await createProject(senior, 'Places')
  await senior.setViewportSize({ width: 1440, height: 850 })
  await senior.getByRole('tab', { name: 'Code' }).click()
  await senior.getByRole('tab', { name: 'Code', exact: true }).click()
  await senior.getByRole('treeitem', { name: 'index.html' }).click()
  await expect(senior).toHaveURL(/tab=code&file=index\.html/)
  await senior.getByRole('tab', { name: 'Changes' }).click()
  await expect(senior).toHaveURL(/tab=changes/)
  const left = senior.url()
  await newChat(senior)
  await expect(senior).toHaveURL(/tab=changes/)
  await senior.getByRole('tab', { name: 'Runs' }).click()
  await expect(senior).toHaveURL(/tab=runs/)
  await senior.goBack()
  await expect(senior).toHaveURL(left)
  await expect(senior.getByRole('tab', { name: 'Changes' })).toHaveAttribute('aria-selected', 'true')
  await senior.goForward()
  await expect(senior.getByRole('tab', { name: 'Runs' })).toHaveAttribute('aria-selected', 'true')

  await senior.evaluate(() => {
    for (const key of Object.keys(localStorage)) if (key.includes('workbench')) localStorage.removeItem(key)
  })
  await senior.goto(left)
  await expect(senior.getByRole('tab', { name: 'Changes' })).toHaveAttribute('aria-selected', 'true')
})
