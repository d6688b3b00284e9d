import { expect, signIn, test } from './fixtures/actors.ts'
import { mailTo } from './fixtures/mailbox.ts'

test('signing in needs no mouse', async ({ visitor }) => {
  await visitor.goto('/sign-in')
  await expect(visitor.getByLabel('E-mail')).toBeFocused()
  await visitor.keyboard.type('junior@demo.test')
  const password = visitor.getByLabel('Password', { exact: true })
  await expect(async () => {
    await visitor.keyboard.press('Tab')
    await expect(password).toBeFocused({ timeout: 50 })
  }).toPass()
  await visitor.keyboard.type('baton-demo')
  await visitor.keyboard.press('Enter')
  await expect(visitor.getByRole('link', { name: 'Members', exact: true })).toBeVisible()
})

test('a wrong password says so and keeps what was typed', async ({ visitor }) => {
  await visitor.goto('/sign-in')
  await visitor.getByLabel('E-mail').fill('junior@demo.test')
  await visitor.getByLabel('Password', { exact: true }).fill('not-this-one')
  await visitor.keyboard.press('Enter')
  await expect(visitor.getByRole('alert')).toBeVisible()
  await expect(visitor.getByLabel('E-mail')).toHaveValue('junior@demo.test')
})

test('a newcomer signs up, confirms by mail, founds a team, and forgets the password', async ({
  visitor,
  browser,
}) => {
  const email = `newcomer-${Date.now()}@demo.test`
  await visitor.goto('/sign-up')
  await visitor.getByLabel('Your name').fill('Newcomer')
  await visitor.getByLabel('E-mail').fill(email)
  await visitor.getByLabel('Password', { exact: true }).fill('first-password')
  await visitor.getByRole('button', { name: 'Create the account' }).click()
  await expect(visitor.getByText('Look in your mailbox')).toBeVisible()

  await visitor.goto((await mailTo(email, /./)).links[0]!)
  await visitor.getByLabel('Name of the team').fill('A team with a rather long name, as people like to give')
  await visitor.getByRole('button', { name: /create/i }).click()
  await expect(visitor.getByRole('link', { name: 'Members', exact: true })).toBeVisible()

  const elsewhere = await (await browser.newContext({ baseURL: new URL(visitor.url()).origin })).newPage()
  await elsewhere.goto('/reset-password')
  await elsewhere.getByLabel('E-mail').fill(email)
  await elsewhere.getByRole('button', { name: 'Mail me a link' }).click()
  await elsewhere.goto((await mailTo(email, /password/i)).links[0]!)
  await elsewhere.getByLabel('New password').fill('second-password')
  await elsewhere.getByRole('button', { name: 'Save and continue' }).click()
  await expect(elsewhere.getByRole('link', { name: 'Members', exact: true })).toBeVisible()
  await elsewhere.context().close()

  await visitor.context().clearCookies()
  await visitor.evaluate(() => localStorage.clear())
  await signIn(visitor, email, 'second-password')
})

test('a link by mail signs in', async ({ visitor }) => {
  await visitor.goto('/sign-in')
  await visitor.getByRole('button', { name: 'Sign in with a link by mail instead' }).click()
  await visitor.getByLabel('E-mail').fill('sam@demo.test')
  await visitor.getByRole('button', { name: 'Mail me a link' }).click()
  await expect(visitor.getByText('Look in your mailbox')).toBeVisible()
  await visitor.goto((await mailTo('sam@demo.test', /./)).links[0]!)
  await expect(visitor.getByRole('link', { name: 'Members', exact: true })).toBeVisible()
  await expect(visitor).not.toHaveURL(/token|code/)
})
