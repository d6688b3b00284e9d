import { expectAccessible } from './fixtures/accessibility.ts'
import { expect, goHome, test } from './fixtures/actors.ts'
import { batonStatus } from './fixtures/status.ts'

test('axe finds nothing before signing in', async ({ visitor }) => {
  for (const path of ['/sign-in', '/sign-up', '/reset-password', '/nowhere/at/all']) {
    await visitor.goto(path)
    await visitor.getByRole('heading').first().waitFor()
    await expectAccessible(visitor, path)
  }
})

test('axe finds nothing inside, from the desk to the phone', async ({ owner }) => {
  await goHome(owner)
  const home = new URL(owner.url()).pathname
  for (const width of [1440, 390]) {
    await owner.setViewportSize({ width, height: 850 })
    for (const path of [home, `${home}/members`, '/settings/profile', '/settings/appearance', '/system']) {
      await owner.goto(path)
      await owner.getByRole('heading').first().waitFor()
      await expectAccessible(owner, `${path} at ${width}`)
    }
  }
})

test('the palette goes anywhere, and the shortcuts are listed', async ({ owner }) => {
  await goHome(owner)
  await owner.keyboard.press('ControlOrMeta+k')
  await owner.getByRole('combobox').fill('members')
  await owner.keyboard.press('Enter')
  await expect(owner).toHaveURL(/\/members$/)

  await owner.keyboard.press('?')
  await expect(owner.getByRole('dialog')).toContainText(/shortcut/i)
  await expectAccessible(owner, 'shortcuts')
  await owner.keyboard.press('Escape')
  await expect(owner.getByRole('dialog')).toHaveCount(0)
})

test('the connection is lost and comes back, and nothing is missed', async ({ owner, senior }) => {
  await goHome(senior)
  await senior.context().setOffline(true)
  await expect(senior.getByText(/offline/i).first()).toBeVisible()
  await owner.goto('/settings/profile')
  await owner.getByLabel(/name/i).first().fill('Owner of it all')
  await owner.getByRole('button', { name: /save/i }).click()
  await senior.context().setOffline(false)
  await senior.getByRole('link', { name: 'Members', exact: true }).click()
  await expect(senior.locator('[data-member="owner@demo.test"]')).toContainText('Owner of it all')
})

test('what is served is served strictly', async ({ visitor }) => {
  const answer = await visitor.goto('/sign-in')
  const headers = answer?.headers() ?? {}
  expect(headers['content-security-policy']).toContain("default-src 'none'")
  expect(headers['content-security-policy']).not.toContain('unsafe-')
  expect(headers['x-content-type-options']).toBe('nosniff')
  const missing = await visitor.request.get(`${batonStatus().APP_URL}/assets/none.js`)
  expect(missing.status()).toBe(404)
})

test('the page says that the rehearsal model answers', async ({ owner }) => {
  await goHome(owner)
  await expect(owner.getByText('Rehearsal model').first()).toBeVisible()
})
