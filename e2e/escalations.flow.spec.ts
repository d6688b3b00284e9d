/** From a run that is stuck to the figures of the owner, with everyone in a window of their own. */
import type { Locator } from '@playwright/test'
import { expectAccessible } from './fixtures/accessibility.ts'
import { expect, test } from './fixtures/actors.ts'
import { composer, createProject, said, say } from './fixtures/chat.ts'
import {
  bringBack,
  cardOf,
  chatBar,
  claimAs,
  hide,
  openCard,
  pressOnceTaken,
  problemOf,
  raise,
  startHere,
  startTogether,
  toast,
} from './fixtures/desk.ts'
import { mailTo } from './fixtures/mailbox.ts'
import { newProject } from './fixtures/projects.ts'
import { letClaimLapse, letNextLevelCome } from './fixtures/time.ts'

test('a stuck run reaches two seniors, one takes it, and the owner sees it in the figures', async ({
  junior,
  senior,
  sam,
  owner,
}) => {
  test.slow()
  await Promise.all([senior, sam].map((page) => page.goto('/escalations')))
  await hide(sam)
  await createProject(junior, 'Old data')
  await say(junior, 'Rehearse getting stuck')
  const reason = await problemOf(junior)

  await expect(cardOf(senior, reason)).toContainText('Unread', { timeout: 2_000 })
  await expect(sam).toHaveTitle(/^\(\d+\) /)
  await bringBack(sam)
  await expect(cardOf(sam, reason)).toContainText('Unread')
  await expectAccessible(senior, 'the desk')

  for (const page of [senior, sam]) await openCard(page, reason)
  await expect(senior.getByText('Sam is looking at it')).toBeAttached()
  await expect(senior.getByRole('region', { name: 'What the AI thinks' })).toContainText('confidence', {
    timeout: 20_000,
  })
  await expectAccessible(senior, 'the hand-over')

  await startTogether([senior, sam])
  const winner = await Promise.race(
    [senior, sam].map(async (page) => {
      await page.waitForURL(/\/c\//)
      return page
    }),
  )
  const loser = winner === senior ? sam : senior
  const name = winner === senior ? 'Senior' : 'Sam'
  await expect(toast(loser, `Already claimed by ${name} just now.`)).toBeVisible()
  await expect(loser).toHaveURL(/\/escalations$/)
  await expect(chatBar(junior)).toContainText(`${name} has it`)
  await expect(chatBar(winner)).toContainText('You have this escalation')
  await expectAccessible(winner, 'a chat with an escalation that is mine')

  const chip = winner.getByRole('list', { name: 'Suggested steps' }).getByRole('button').first()
  await chip.click()
  await expect(composer(winner)).not.toHaveValue('')
  await expect(composer(winner)).toBeFocused()
  await composer(winner).fill('There is no old data: begin with an empty list.')
  await winner.keyboard.press('Enter')
  await expect(chip).toBeHidden()
  await expect(said(junior, 'There is no old data: begin with an empty list.')).toBeVisible()

  await chatBar(winner).getByRole('button', { name: 'Resolve' }).click()
  await winner.getByLabel('What was it, and what helped?').fill('Nothing to import')
  await winner.getByLabel('Cause').selectOption('Missing context')
  await winner
    .getByRole('group', { name: /Was the AI right/ })
    .getByLabel('Yes')
    .check()
  await expectAccessible(winner, 'the dialog that resolves')
  await winner.getByRole('dialog').getByRole('button', { name: 'Resolve' }).click()
  await expect(chatBar(junior)).toBeHidden()

  await owner.goto('/analytics/escalations')
  await expect(owner.getByRole('region', { name: 'By cause' }).first()).toContainText('Missing context')
  await expect(owner.getByRole('region', { name: 'By person' }).first()).toContainText(name)
  await expectAccessible(owner, 'the analytics')
})

test('a press that comes a moment late meets the button, and is told who was faster', async ({ senior }) => {
  const { chatId } = await newProject('A moment late')
  const reason = await raise('junior@demo.test', chatId, 'Two hands reach for it')
  await senior.goto('/escalations')
  await openCard(senior, reason)
  await pressOnceTaken(startHere(senior), 'Sam has it')
  await claimAs('sam@demo.test', new URL(senior.url()).pathname.split('/').at(-1) ?? '')
  await expect(toast(senior, 'Already claimed by Sam just now.')).toBeVisible()
  await expect(senior).toHaveURL(/\/escalations$/)
})

test('the dot stays over a reload and in another browser, and hovering does not clear it', async ({
  senior,
  browser,
}) => {
  const { chatId } = await newProject('Dots')
  const reason = await raise('junior@demo.test', chatId, 'The dot must stay')
  await senior.goto('/escalations')
  await cardOf(senior, reason).hover()
  await senior.reload()
  await expect(cardOf(senior, reason)).toContainText('Unread')
  const elsewhere = await browser.newContext({ storageState: await senior.context().storageState() })
  const second = await elsewhere.newPage()
  await second.goto(new URL('/escalations', senior.url()).href)
  await expect(cardOf(second, reason)).toContainText('Unread')
  await openCard(second, reason)
  await expect(startHere(second)).toBeVisible()
  await expect(cardOf(senior, reason)).not.toContainText('Unread')
  await elsewhere.close()
})

test('what is given back goes to whom it came from, with the note and the steps', async ({
  junior,
  senior,
}) => {
  const { id, chatId } = await newProject('Given back')
  await raise('junior@demo.test', chatId, 'How shall the list be sorted?')
  await junior.goto(`/p/${id}/c/${chatId}`)
  await expect(chatBar(junior)).toContainText('A senior was called')
  await senior.goto(`/p/${id}/c/${chatId}`)
  await chatBar(senior).getByRole('button', { name: 'Start here' }).click()
  await chatBar(senior).getByRole('button', { name: 'Give back' }).click()
  await senior.getByRole('dialog').getByRole('button', { name: 'Give it back' }).click()
  await expect(senior.getByText('Say what to do next')).toBeVisible()
  await senior.getByLabel('What should be done now?').fill('Sort it by the date')
  await senior.getByRole('dialog').getByRole('button', { name: 'Give it back' }).click()
  await expect(chatBar(junior)).toContainText('Sort it by the date')
  await chatBar(junior).getByRole('button', { name: 'Understood' }).click()
  await expect(chatBar(junior)).toBeHidden()
})

test('a holder who goes silent loses it to the queue, and everybody is told', async ({ senior, sam }) => {
  const { id, chatId } = await newProject('Silence')
  const reason = await raise('junior@demo.test', chatId, 'Claimed and then forgotten')
  await sam.goto('/escalations?filter=team')
  await senior.goto(`/p/${id}/c/${chatId}`)
  await chatBar(senior).getByRole('button', { name: 'Start here' }).click()
  await expect(cardOf(sam, reason)).toContainText('Senior has it')
  await letClaimLapse(reason)
  await expect(cardOf(sam, reason)).not.toContainText('Senior has it')
  await expect(cardOf(sam, reason)).toContainText('Unread')
  await expect(chatBar(senior)).toContainText('A senior was called')
  await openCard(sam, reason)
  await expect(sam.getByText(/^The claim of Senior lapsed/)).toBeVisible()
})

test('when nobody takes it, the next level of the ladder is told by mail', async ({ senior }) => {
  const { chatId } = await newProject('Nobody comes')
  const reason = await raise('junior@demo.test', chatId, 'Waiting for the ladder')
  await senior.goto('/escalations')
  await expect(cardOf(senior, reason)).toBeVisible()
  await letNextLevelCome(reason)
  const mail = await mailTo('senior@demo.test', /Waiting for the ladder/)
  const [link = ''] = mail.links
  await senior.goto(new URL(link).pathname)
  await expect(senior.getByRole('heading', { name: reason })).toBeVisible()
  await expect(senior.getByText(/Nobody claimed it, so \d+ people were told/)).toBeVisible()
})

test('a senior works through the desk with the keyboard alone', async ({ senior }) => {
  const { chatId } = await newProject('Keys alone')
  const reason = await raise('junior@demo.test', chatId, 'Reached without a mouse')
  await senior.goto('/')
  await senior.getByRole('main').first().waitFor()
  await senior.keyboard.press('g')
  await senior.keyboard.press('e')
  await expect(senior).toHaveURL(/\/escalations$/)
  const link = cardOf(senior, reason).getByRole('link')
  await link.waitFor()
  await senior.getByRole('list', { name: 'Escalations' }).getByRole('link').first().focus()
  for (let steps = 0; steps < 30 && !(await isFocused(link)); steps++)
    await senior.keyboard.press('ArrowDown')
  await senior.keyboard.press('c')
  await expect(senior).toHaveURL(new RegExp(`/c/${chatId}`))
  await expect(chatBar(senior)).toContainText('You have this escalation')
})

test('on a phone the problem and the one button are on the first screen', async ({ senior }) => {
  const { chatId } = await newProject('Pocket')
  const reason = await raise('junior@demo.test', chatId, 'Seen from the train')
  await senior.setViewportSize({ width: 390, height: 844 })
  await senior.goto('/escalations')
  await openCard(senior, reason)
  await expect(senior.getByRole('heading', { name: reason })).toBeInViewport()
  await expect(startHere(senior)).toBeInViewport()
  const width = await senior.evaluate(() => document.documentElement.scrollWidth)
  expect(width).toBe(390)
  await expectAccessible(senior, 'the hand-over on a phone')
})

test('a member sees who was called and claims nothing, a stranger sees nothing', async ({
  junior,
  stranger,
}) => {
  const { chatId } = await newProject('Not theirs')
  const reason = await raise('junior@demo.test', chatId, 'For seniors alone')
  await junior.goto('/escalations')
  const card = cardOf(junior, reason)
  await expect(card).toBeVisible()
  await expect(card.getByRole('button', { name: 'Start here' })).toHaveCount(0)
  await card.getByRole('link').click()
  await expect(junior.getByText('A senior, an admin or an owner of the team can claim it.')).toBeVisible()
  await stranger.goto(new URL(junior.url()).pathname)
  await expect(stranger.getByRole('heading', { name: 'There is no such escalation' })).toBeVisible()
  await junior.goto('/analytics/escalations')
  await expect(junior.getByRole('heading', { name: 'For admins and owners' })).toBeVisible()
})

test('an owner changes the ladder, and what cannot be is refused with its reason', async ({ owner }) => {
  await owner.goto('/escalations/ladder')
  const level = owner.getByRole('listitem', { name: 'Level 2' })
  const minutes = level.getByRole('spinbutton')
  await minutes.fill('0')
  await owner.getByRole('button', { name: 'Save' }).click()
  await expect(owner.getByRole('alert')).toBeVisible()
  await minutes.fill('12')
  await owner.getByRole('button', { name: 'Save' }).click()
  await expect(toast(owner, 'The ladder was saved.')).toBeVisible()
  await owner.reload()
  await expect(minutes).toHaveValue('12')
  await expectAccessible(owner, 'the ladder')
})

const isFocused = (link: Locator) => link.evaluate((element) => element === document.activeElement)
