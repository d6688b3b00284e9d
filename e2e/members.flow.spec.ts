import { expectAccessible } from './fixtures/accessibility.ts'
import { expect, goHome, test } from './fixtures/actors.ts'
import { mailTo } from './fixtures/mailbox.ts'

const STRANGER = '[data-member="stranger@demo.test"]'

test('an invitation is accepted, a role changes and a member is removed, live in both windows', async ({
  owner,
  stranger,
}) => {
  await goHome(owner)
  await owner.getByRole('link', { name: 'Members', exact: true }).click()
  await expect(owner.locator('[data-member]')).toHaveCount(4)

  await owner.getByRole('link', { name: 'Invite', exact: true }).click()
  await owner.getByLabel('E-mail').fill('Stranger@demo.test')
  await owner.getByLabel('Role', { exact: true }).selectOption('member')
  await owner.getByRole('dialog').getByRole('button', { name: 'Invite', exact: true }).click()
  const shown = await owner.getByLabel('Link').inputValue()
  await owner.getByRole('button', { name: 'Done' }).click()

  const mail = await mailTo('stranger@demo.test', /Demo/)
  expect(mail.links).toContain(shown)
  await stranger.goto(shown)
  await stranger.getByRole('button', { name: 'Join the team' }).click()

  await expect(owner.locator(STRANGER)).toBeVisible()
  await stranger.getByRole('link', { name: 'Members', exact: true }).click()
  await expect(stranger.locator('[data-member]')).toHaveCount(5)

  await owner.getByLabel('Role of Stranger').selectOption('senior')
  await expect(stranger.locator(STRANGER)).toContainText(/senior/i)

  await owner.getByRole('button', { name: 'Remove Stranger from the team' }).click()
  await owner.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await expect(stranger.getByText('removed you from Demo')).toBeVisible()
  await expect(stranger.locator('[data-member="owner@demo.test"]')).toHaveCount(0)
  await expect(owner.locator(STRANGER)).toHaveCount(0)
})

test('a link that was used does not work again', async ({ owner, stranger }) => {
  await goHome(owner)
  await owner.goto(`${owner.url()}/members?invite=true`)
  await owner.getByLabel('E-mail').fill('stranger@demo.test')
  await owner.getByRole('dialog').getByRole('button', { name: 'Invite', exact: true }).click()
  const link = await owner.getByLabel('Link').inputValue()

  await stranger.goto(link)
  await expect(stranger).not.toHaveURL(/#/)
  await stranger.getByRole('button', { name: 'Join the team' }).click()
  await expect(stranger.getByRole('link', { name: 'Members', exact: true })).toBeVisible()
  await stranger.goto(link)
  await expect(stranger.getByText('was accepted already')).toBeVisible()

  await stranger.goto('/')
  await owner.getByRole('button', { name: 'Done' }).click()
  await owner.getByRole('button', { name: 'Remove Stranger from the team' }).click()
  await owner.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await expect(owner.locator(STRANGER)).toHaveCount(0)
})

test('somebody else cannot use an invitation that is not for their address', async ({ owner, junior }) => {
  await goHome(owner)
  await owner.goto(`${owner.url()}/members?invite=true`)
  await owner.getByLabel('E-mail').fill('newcomer@demo.test')
  await owner.getByRole('dialog').getByRole('button', { name: 'Invite', exact: true }).click()
  await junior.goto(await owner.getByLabel('Link').inputValue())
  await expect(junior.getByText('This invitation is for another address')).toBeVisible()
})

test('a new name of the team is seen at once, wherever the team is named', async ({ owner, junior }) => {
  for (const page of [owner, junior]) await goHome(page)
  await owner.getByRole('link', { name: 'Members', exact: true }).click()
  for (const name of ['Demonstrators', 'Demo']) {
    await owner.getByRole('button', { name: 'Rename the team' }).click()
    await owner.getByLabel('Name of the team').fill(name)
    await owner.getByRole('button', { name: 'Rename', exact: true }).click()
    await expect(owner.getByRole('dialog')).toHaveCount(0)
    await expect(junior.getByText(name, { exact: true }).first()).toBeVisible()
  }
})

test('a member is told why there is nothing to change', async ({ junior }) => {
  await goHome(junior)
  await junior.getByRole('link', { name: 'Members', exact: true }).click()
  await expect(junior.locator('[data-member]')).toHaveCount(4)
  await expect(junior.getByLabel('Role of Owner')).toHaveCount(0)
  await expect(junior.getByRole('button', { name: /^Remove / })).toHaveCount(0)
  await expectAccessible(junior, 'members, as a member')
})
