import type { Page, WebSocketRoute } from '@playwright/test'
import { expect, test } from './fixtures/actors.ts'
import { answers, atRest, composer, createProject, said, say, streaming, wordsOf } from './fixtures/chat.ts'

/** A hand on the wire between a page and realtime: cut, nothing gets through; joined again, all does. */
async function wireOf(page: Page) {
  const open = new Set<WebSocketRoute>()
  let isCut = false
  await page.routeWebSocket(/\/realtime\/v1\/websocket/, (socket) => {
    if (isCut) return void socket.close({ code: 4_000 })
    open.add(socket)
    const server = socket.connectToServer()
    socket.onMessage((message) => server.send(message))
    server.onMessage((message) => socket.send(message))
  })
  await page.reload()
  return {
    async cut() {
      isCut = true
      await page.context().setOffline(true)
      for (const socket of open) await socket.close({ code: 4_000 })
      open.clear()
    },
    async join() {
      isCut = false
      await page.context().setOffline(false)
    },
  }
}

/** What one has of the first answer is its beginning, however far it had come. */
async function expectSameBeginning(one: Page, other: Page): Promise<void> {
  const [part, whole] = [await wordsOf(answers(one).first()), await wordsOf(answers(other).first())]
  expect(whole.startsWith(part), `${part} | ${whole}`).toBe(true)
}

test('a connection that is lost in the middle of an answer says so, and comes back to all of it', async ({
  senior,
  junior,
}) => {
  await createProject(senior, 'Wires')
  await junior.goto(senior.url())
  const wire = await wireOf(junior)
  await expect(composer(junior)).toBeVisible()
  await say(senior, 'Rehearse a slow answer')
  await expect(streaming(junior)).toContainText('This answer')

  await wire.cut()
  await say(senior, 'Rehearse thinking')
  await expect(said(senior, 'That was thinking')).toBeVisible({ timeout: 30_000 })
  await expectSameBeginning(junior, senior)
  await expect(junior.getByText('You are offline.')).toBeVisible()
  await expect(said(junior, 'Rehearse a slow answer')).toBeVisible()
  await expect(said(junior, 'That was thinking')).toHaveCount(0)

  await wire.join()
  await expect(said(junior, 'That was thinking')).toBeVisible({ timeout: 30_000 })
  await expect(junior.getByText('You are offline.')).toHaveCount(0)
  await expect(async () =>
    expect(await answers(junior).allTextContents()).toEqual(await answers(senior).allTextContents()),
  ).toPass()
})

test('a page that slept while others went on wakes up to what there is', async ({ senior, junior }) => {
  await createProject(senior, 'Sleep')
  await junior.goto(senior.url())
  await say(senior, 'Rehearse several tools')
  await expect(junior.locator('[data-lane]').first()).toBeVisible({ timeout: 20_000 })
  const debugged = await junior.context().newCDPSession(junior)
  await debugged.send('Page.setWebLifecycleState', { state: 'frozen' })
  await atRest(senior)
  await say(senior, 'Rehearse thinking')
  await expect(said(senior, 'That was thinking')).toBeVisible({ timeout: 20_000 })
  await debugged.send('Page.setWebLifecycleState', { state: 'active' })
  await expect(said(junior, 'That was thinking')).toBeVisible({ timeout: 20_000 })
  await expect(junior.locator('[data-lane="complete"]')).toHaveCount(2)
  await expect(answers(junior)).toHaveCount(await answers(senior).count())
})

test('a picture is pasted and another dropped, and both go with the message', async ({ senior, junior }) => {
  await createProject(senior, 'Pictures')
  await junior.goto(senior.url())
  await composer(senior).focus()
  for (const way of ['paste', 'drop'] as const) await give(senior, way, `${way}.png`)
  const given = senior.getByRole('list', { name: 'Attachments' })
  await expect(given.getByRole('listitem')).toHaveCount(2)
  await say(senior, 'Hello')
  const arrived = junior.getByRole('list', { name: 'Attachments' })
  await expect(arrived.getByRole('listitem')).toHaveCount(2)
  await expect(arrived.locator('img')).toHaveCount(2)
  await expect(answers(junior).last()).toBeVisible({ timeout: 20_000 })
})

const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

/** As a browser does it, with a file that it holds. */
async function give(page: Page, way: 'paste' | 'drop', name: string): Promise<void> {
  await composer(page).evaluate(
    (field, [kind, file, base64]) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
      const data = new DataTransfer()
      data.items.add(new File([bytes], file, { type: 'image/png' }))
      const options = { bubbles: true, cancelable: true }
      field.dispatchEvent(
        kind === 'paste'
          ? new ClipboardEvent('paste', { ...options, clipboardData: data })
          : new DragEvent('drop', { ...options, dataTransfer: data }),
      )
    },
    [way, name, PIXEL] as const,
  )
}
