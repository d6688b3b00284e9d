/** The conversation stays where its reader is: at its end for who follows it, and nowhere else for who went up. */
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures/actors.ts'
import { answers, atRest, conversation, createProject, say, streaming } from './fixtures/chat.ts'
import { chatBar, raise } from './fixtures/desk.ts'
import { newProject } from './fixtures/projects.ts'

const toTheEnd = (page: Page) => page.getByRole('button', { name: 'To the end' })
const top = (page: Page) => conversation(page).evaluate(({ scrollTop }) => scrollTop)
/** What a key or a finger scrolls is on its way for a moment. */
const topAtRest = (page: Page) =>
  conversation(page).evaluate(async (box) => {
    let last = Number.NaN
    for (let still = 0; still < 10; still = box.scrollTop === last ? still + 1 : 0) {
      last = box.scrollTop
      await new Promise(requestAnimationFrame)
    }
    return last
  })
const belowTheWindow = (page: Page) =>
  conversation(page).evaluate((box) => box.scrollHeight - box.clientHeight - box.scrollTop)

async function expectAtTheEnd(page: Page): Promise<void> {
  await expect.poll(() => belowTheWindow(page)).toBeLessThanOrEqual(1)
  await expect(toTheEnd(page)).toHaveCount(0)
}

/** More than one window of it, and nothing that moves any more. */
async function longChat(name: string) {
  const project = await newProject(name, 'What can you rehearse?')
  return { ...project, path: `/p/${project.id}/c/${project.chatId}` }
}

test('a bar that comes late and a window that is made narrow leave the reader at the end', async ({
  junior,
}) => {
  const { path, chatId } = await longChat('Following')
  await junior.goto(path)
  await expect(answers(junior).last()).toBeVisible({ timeout: 20_000 })
  await atRest(junior)
  await raise('junior@demo.test', chatId, 'Is this the end?')

  let letItCome = () => {}
  const mayCome = new Promise<void>((resolve) => {
    letItCome = resolve
  })
  await junior.route(/chat-escalation-.*\.js/, async (route) => {
    await mayCome
    await route.continue()
  })
  await junior.reload()
  await expectAtTheEnd(junior)
  letItCome()
  await expect(chatBar(junior)).toBeVisible()
  await expectAtTheEnd(junior)

  for (const width of [1024, 390, 1440]) {
    await junior.setViewportSize({ width, height: 800 })
    await expectAtTheEnd(junior)
  }
})

const WAYS_UP: Record<string, (page: Page) => Promise<void>> = {
  'the wheel': async (page) => {
    await conversation(page).hover()
    await page.mouse.wheel(0, -200)
  },
  'a key': async (page) => {
    await conversation(page).focus()
    await page.keyboard.press('ArrowUp')
  },
  /** Text that comes in the same moment ends what the browser began to scroll. */
  'a key that scrolled nothing yet': (page) =>
    conversation(page).dispatchEvent('keydown', { key: 'ArrowUp' }),
  'a finger': async (page) => {
    const box = (await conversation(page).boundingBox())!
    const session = await page.context().newCDPSession(page)
    await session.send('Emulation.setTouchEmulationEnabled', { enabled: true })
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', down: number[]) =>
      session.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: down.map((y) => ({ x: box.x + box.width / 2, y: box.y + y })),
      })
    await touch('touchStart', [100])
    for (const y of [120, 150, 200, 250]) await touch('touchMove', [y])
    await touch('touchEnd', [])
    await session.detach()
  },
}

test('who goes up while the answer streams stays there, however they went, and comes back with a button', async ({
  junior,
}) => {
  test.slow()
  await junior.setViewportSize({ width: 1280, height: 500 })
  await createProject(junior, 'Going up')
  await say(junior, 'Rehearse a long answer')
  for (const [name, goUp] of Object.entries(WAYS_UP)) {
    await expect.poll(() => top(junior), { timeout: 20_000 }).toBeGreaterThan(300)
    await expectAtTheEnd(junior)
    await goUp(junior)
    await expect(toTheEnd(junior), name).toBeVisible()
    const [before, length] = [await topAtRest(junior), await belowTheWindow(junior)]
    await expect.poll(() => belowTheWindow(junior), { timeout: 20_000 }).toBeGreaterThan(length + 100)
    expect(Math.abs((await top(junior)) - before), name).toBeLessThanOrEqual(1)
    await toTheEnd(junior).click()
    await expectAtTheEnd(junior)
  }
  await expect(streaming(junior)).toBeAttached()
  await junior.getByRole('button', { name: 'Stop', exact: true }).click()
})
