import { expectAccessible } from './fixtures/accessibility.ts'
import { expect, test } from './fixtures/actors.ts'
import { answers, atRest, createProject, said, say, streaming, wordsOf } from './fixtures/chat.ts'

test('a team-mate reads along in the middle of a word, reloads, and stops the run', async ({
  senior,
  junior,
}) => {
  await createProject(senior, 'Slow words')
  await junior.goto(senior.url())
  await say(senior, 'Rehearse a slow answer')
  await expect(junior.getByText('Rehearse a slow answer').last()).toBeVisible()

  await expect(streaming(senior)).toContainText('This answer')
  await expect(streaming(junior)).toContainText('This answer')
  const [one, other] = [await wordsOf(streaming(senior)), await wordsOf(streaming(junior))]
  expect(one.startsWith(other) || other.startsWith(one)).toBe(true)

  await junior.reload()
  await expect(streaming(junior)).toContainText(other)
  await expect(streaming(junior)).not.toHaveText(other)
  await junior.getByRole('button', { name: 'Stop', exact: true }).click()
  await expect(senior.locator('[data-run="stopped"]')).toBeVisible()
  await expect(junior.locator('[data-run="stopped"]')).toBeVisible()
  const kept = await wordsOf(answers(senior).last())
  expect(kept.length).toBeGreaterThan(other.length)
  await expect(answers(junior).last()).toHaveText(kept)

  await senior.getByRole('button', { name: 'Go on' }).click()
  await atRest(junior)
  await expect(answers(junior).last()).toContainText('all of it.')
})

test('tools stand where the model used them, and tell all about a failure', async ({ senior, junior }) => {
  await createProject(senior, 'Tools')
  await junior.goto(senior.url())
  await say(senior, 'Rehearse several tools')
  await expect(junior.locator('[data-lane="complete"]')).toHaveCount(2, { timeout: 20_000 })
  await atRest(junior)
  const order = await junior
    .locator('[data-entry], [data-lane]')
    .evaluateAll((parts) => parts.map((part) => (part as HTMLElement).dataset.lane ?? 'text'))
  expect(order).toEqual(['text', 'complete', 'text', 'complete', 'text'])

  await say(senior, 'Rehearse a failing tool')
  const lane = junior.locator('[data-lane="error"]')
  await expect(lane).toBeVisible({ timeout: 20_000 })
  await atRest(junior)
  await expect(lane.getByRole('button').first()).toHaveAttribute('aria-expanded', 'false')
  await lane.getByRole('button').first().click()
  await lane.getByRole('button', { name: /failed: edit src\/nowhere.ts/ }).click()
  await expect(lane.getByLabel('Input')).toContainText('"search": "here"')
  await expect(lane.getByLabel('Told to the model')).toContainText('src/nowhere.ts')
  await expectAccessible(junior, 'a chat with a lane that is open')
})

test('a question is answered by a team-mate, and the run goes on', async ({ senior, junior }) => {
  await createProject(senior, 'Questions')
  await junior.goto(senior.url())
  await say(senior, 'Rehearse a question')
  await expect(junior.getByRole('group', { name: /Which of these/ })).toBeVisible({ timeout: 20_000 })
  await expectAccessible(junior, 'a question')
  await junior.getByLabel(/Coffee/).check()
  await junior.getByRole('button', { name: 'Answer', exact: true }).click()
  await expect(senior.getByText('Answered by Junior: Coffee')).toBeVisible()
  await expect(said(senior, 'You said “Coffee”')).toBeVisible({ timeout: 20_000 })
})

test('a plan waits for an approval, and a team-mate rejects it with a note', async ({ senior, junior }) => {
  await createProject(senior, 'Plans')
  await junior.goto(senior.url())
  await say(senior, 'Rehearse a plan')
  const approval = junior.getByRole('form', { name: 'Shall the agent go on with this plan?' })
  await expect(approval.getByRole('listitem')).toHaveCount(3, { timeout: 20_000 })
  await expectAccessible(junior, 'a plan that waits for its approval')
  await senior.reload()
  await expect(senior.getByRole('button', { name: 'Approve' })).toBeVisible()
  await approval.getByLabel('A note for the agent').fill('Begin with the phone')
  await approval.getByRole('button', { name: 'Reject' }).click()
  await expect(said(senior, 'The plan was rejected by Junior: Begin with the phone')).toBeVisible()
  await expect(said(senior, 'You decided “Begin with the phone, no”')).toBeVisible({ timeout: 20_000 })
})

test('what is said meanwhile waits, and can be changed and taken back', async ({ senior, junior }) => {
  await createProject(senior, 'Queue')
  await junior.goto(senior.url())
  await say(senior, 'Rehearse a long answer')
  await expect(streaming(senior)).not.toBeEmpty()
  await say(senior, 'Rehearse thinkin')
  await say(senior, 'Never mind this')
  const queue = junior.getByRole('region', { name: 'Waiting messages' })
  await expect(queue.getByRole('listitem')).toHaveCount(2)
  await queue.getByRole('button', { name: 'Remove the waiting message' }).last().click()
  await expect(queue.getByRole('listitem')).toHaveCount(1)
  await queue.getByRole('button', { name: 'Edit the waiting message' }).click()
  await junior.getByLabel('The waiting message').fill('Rehearse thinking')
  await junior.keyboard.press('Enter')
  const seen = senior.getByRole('region', { name: 'Waiting messages' })
  await expect(seen.getByText('Rehearse thinking')).toBeVisible()
  await expect(seen.getByText('Never mind this')).toHaveCount(0)

  await senior.getByRole('button', { name: 'Stop', exact: true }).click()
  await expect(senior.locator('[data-run="stopped"]')).toBeVisible()
  await say(junior, 'Go on')
  await expect(said(senior, 'Rehearse thinking')).toBeVisible()
  await expect(queue).toHaveCount(0)
})

test('a message is said again, differently, and what followed it is gone for everyone', async ({
  senior,
  junior,
}) => {
  await createProject(senior, 'Again')
  await junior.goto(senior.url())
  await say(senior, 'Hello')
  await expect(answers(junior).last()).toBeVisible({ timeout: 20_000 })
  await atRest(senior)
  await senior.getByText('Hello', { exact: true }).last().hover()
  await senior.getByRole('button', { name: 'Edit and send again' }).click()
  await senior.getByLabel('Your message').fill('Rehearse thinking')
  await senior.keyboard.press('Enter')
  await expect(said(junior, 'That was thinking')).toBeVisible({ timeout: 20_000 })
  await expect(junior.getByRole('article', { name: 'Senior said' })).toHaveCount(1)
})

type Frame = { chat: string; draft: string; said: string }

test('in no frame does a chat show the words or the draft of another one', async ({ senior }) => {
  await createProject(senior, 'Two chats')
  await say(senior, 'Rehearse a slow answer')
  await expect(streaming(senior)).toContainText('This answer')
  await senior.getByLabel('Message', { exact: true }).fill('draft of the first')
  const first = senior.url()
  await senior.keyboard.press('Escape')
  await senior.getByRole('button', { name: /^New chat in/ }).click()
  await expect(senior).not.toHaveURL(first)
  await senior.getByLabel('Message', { exact: true }).fill('draft of the second')

  await senior.evaluate(() => {
    const frames: unknown[] = []
    Object.assign(window, { frames })
    const look = () => {
      const main = document.querySelector<HTMLElement>('main[data-chat]')
      frames.push({
        chat: main?.dataset.chat ?? '',
        draft: main?.querySelector<HTMLTextAreaElement>('[data-composer]')?.value ?? '',
        said: main?.querySelector('[aria-label="Conversation"]')?.textContent ?? '',
      })
      requestAnimationFrame(look)
    }
    look()
  })
  for (let turn = 0; turn < 4; turn += 1) {
    await senior.goBack()
    await expect(senior.getByLabel('Message', { exact: true })).toHaveValue('draft of the first')
    await senior.goForward()
    await expect(senior.getByLabel('Message', { exact: true })).toHaveValue('draft of the second')
  }
  const frames = await senior.evaluate(() => (window as unknown as { frames: Frame[] }).frames)
  const firstChat = new URL(first).pathname.split('/').at(-1)
  expect(new Set(frames.map(({ chat }) => chat)).size).toBeGreaterThan(1)
  for (const { chat, draft, said } of frames) {
    if (chat === '') continue
    expect(draft).toBe(chat === firstChat ? 'draft of the first' : 'draft of the second')
    expect(said.includes('This answer')).toBe(chat === firstChat)
  }

  await senior.reload()
  await expect(senior.getByLabel('Message', { exact: true })).toHaveValue('draft of the second')
})

test('a text that is attached reaches the model with its message', async ({ senior, junior }) => {
  await createProject(senior, 'Attachments')
  await junior.goto(senior.url())
  await senior
    .getByLabel('Files to attach')
    .setInputFiles({ name: 'notes.ts', mimeType: 'video/mp2t', buffer: Buffer.from('export const a = 1') })
  await expect(senior.getByRole('list', { name: 'Attachments' })).toContainText('notes.ts')
  await say(senior, 'Hello')
  await expect(junior.getByRole('list', { name: 'Attachments' })).toContainText('notes.ts')
  await expect(answers(junior).last()).toBeVisible({ timeout: 20_000 })
})

test('axe finds nothing on an empty chat and on the list of projects, from the desk to the phone', async ({
  senior,
}) => {
  await createProject(senior, 'A project with a name that is rather long, as people like to give to things')
  const chat = senior.url()
  for (const width of [1440, 390]) {
    await senior.setViewportSize({ width, height: 850 })
    for (const path of [chat, '/']) {
      await senior.goto(path)
      await senior.getByRole('heading').first().waitFor()
      await expectAccessible(senior, `${path} at ${width}`)
    }
  }
})
