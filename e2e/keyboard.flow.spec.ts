import type { Page } from '@playwright/test'
import { expect, test } from './fixtures/actors.ts'
import { answers, atRest } from './fixtures/chat.ts'
import { batonStatus } from './fixtures/status.ts'

/** Presses Tab until what has the focus goes by that name, as somebody does who cannot point. */
async function tabTo(page: Page, name: RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const passed: string[] = []
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press(key)
    const focused = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement | null
      const label = (element as HTMLInputElement | null)?.labels?.[0]?.textContent
      return element?.getAttribute('aria-label') ?? label ?? element?.textContent ?? ''
    })
    if (name.test(focused)) return
    passed.push(focused.slice(0, 30))
  }
  throw new Error(`Tab never came to ${name}: ${passed.join(' | ')}`)
}

test('the whole path is walked with the keyboard alone: sign in, project, chat, answer, file, save', async ({
  browser,
}) => {
  test.setTimeout(120_000)
  const context = await browser.newContext({
    baseURL: batonStatus().APP_URL,
    viewport: { width: 1440, height: 900 },
  })
  const page = await context.newPage()
  const { keyboard } = page
  await page.goto('/sign-in')
  await page.getByLabel('E-mail').waitFor()
  await tabTo(page, /^E-mail/)
  await keyboard.type('senior@demo.test')
  await tabTo(page, /^Password/)
  await keyboard.type('baton-demo')
  await keyboard.press('Enter')
  await page.getByRole('navigation').first().waitFor()

  await page.getByRole('heading').first().waitFor()
  await keyboard.press('ControlOrMeta+k')
  await page.getByRole('combobox').waitFor()
  await keyboard.type('new project')
  await keyboard.press('Enter')
  await page.getByLabel('Name of the project').waitFor()
  await keyboard.type('By keyboard')
  await keyboard.press('Enter')
  await page.locator('[data-composer]').waitFor()

  await keyboard.press('/')
  await expect(page.locator('[data-composer]')).toBeFocused()
  await keyboard.type('Rehearse a question')
  await keyboard.press('Enter')
  await page.getByRole('group', { name: /Which of these/ }).waitFor({ timeout: 20_000 })
  await tabTo(page, /Water/, 'Shift+Tab')
  await keyboard.press('ArrowUp')
  await expect(page.getByLabel(/Coffee/)).toBeChecked()
  await tabTo(page, /^Answer$/)
  await keyboard.press('Enter')
  await expect(answers(page).last()).toContainText('You said “Coffee”', { timeout: 20_000 })
  await atRest(page)

  await tabTo(page, /^(Preview|Code)$/)
  const code = page.getByRole('tab', { name: 'Code', exact: true })
  if ((await code.getAttribute('aria-selected')) === 'false') await keyboard.press('ArrowRight')
  await expect(code).toHaveAttribute('aria-selected', 'true')
  await page.getByRole('treeitem', { name: 'vite.config.ts' }).waitFor()
  await tabTo(page, /^New file$/)
  await keyboard.press('Tab')
  await expect(page.getByRole('tree', { name: 'Files' })).toBeFocused()
  await keyboard.press('End')
  await keyboard.press('Enter')
  const editor = page.getByRole('textbox', { name: 'vite.config.ts', exact: true })
  await expect(editor).not.toBeEmpty()
  await tabTo(page, /^More about this file$/)
  await keyboard.press('Tab')
  await expect(editor).toBeFocused()
  await keyboard.press('ControlOrMeta+Home')
  await keyboard.insertText('// by keyboard\n')
  await expect(page.getByText('Not saved', { exact: true })).toBeVisible()
  await keyboard.press('ControlOrMeta+s')
  await expect(page.getByText('Not saved', { exact: true })).toHaveCount(0)
  await expect(editor).toContainText('by keyboard')
  await context.close()
})
