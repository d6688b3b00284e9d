import type { Page } from '@playwright/test'
import { expect, test } from './fixtures/actors.ts'
import { chatIn, composer, createProject, newChat, said, say, streaming } from './fixtures/chat.ts'
import { expectNothingWrong, type Owned, watchFrames } from './fixtures/frames.ts'

const rail = (page: Page, word: string) =>
  page.getByRole('list', { name: 'Chats' }).getByRole('link', { name: new RegExp(word) })

/** A chat with words of its own everywhere that a chat can have words. */
async function begin(page: Page, word: string, request: string, owned: Owned, more: string[]): Promise<void> {
  await say(page, `${request} ${word}`)
  await expect(said(page, `${request} ${word}`)).toBeVisible()
  for (const words of more) await expect(page.getByRole('main')).toContainText(words, { timeout: 20_000 })
  await composer(page).fill(`${word} draft`)
  owned[chatIn(page)] = [word, `${word} draft`, ...more]
}

test('no frame ever shows the entries, lane, question, plan, queue or draft of another chat', async ({
  senior,
  junior,
}) => {
  test.setTimeout(180_000)
  const owned: Owned = {}
  await createProject(senior, 'Four at once')
  const frames = await watchFrames(senior)
  await begin(senior, 'alpha', 'Rehearse a question', owned, ['Which of these do you like best?'])
  await newChat(senior)
  await begin(senior, 'beta', 'Rehearse a plan', owned, ['Draw the page', 'Shall the agent go on'])
  await newChat(senior)
  await begin(senior, 'gamma', 'Rehearse several tools', owned, ['src/one.ts'])
  await newChat(senior)
  await say(senior, 'Rehearse a slow answer delta')
  await expect(streaming(senior)).toContainText('This answer')
  await say(senior, 'delta waits')
  await composer(senior).fill('delta draft')
  owned[chatIn(senior)] = ['delta', 'This answer', 'delta waits', 'delta draft']
  await frames.own(owned)

  await junior.goto(senior.url())
  await newChat(junior)
  await say(junior, 'Rehearse thinking epsilon')
  await expect(rail(senior, 'epsilon')).toBeVisible()
  owned[chatIn(junior)] = ['epsilon', 'That was thinking']
  await frames.own(owned)

  for (const word of ['alpha', 'epsilon', 'beta', 'delta', 'gamma', 'delta', 'epsilon', 'alpha', 'beta']) {
    await rail(senior, word).click()
    await expect(senior.getByRole('main')).toContainText(word)
  }
  expect(frames.seen().wrong).toEqual([])
  await rail(senior, 'epsilon').click()
  await expect(said(senior, 'That was thinking')).toBeVisible({ timeout: 20_000 })
  for (let turn = 0; turn < 4; turn += 1) await senior.goBack()
  for (let turn = 0; turn < 4; turn += 1) await senior.goForward()
  await rail(senior, 'beta').click()
  await expect(composer(senior)).toHaveValue('beta draft')
  await senior.reload()
  await expect(composer(senior)).toHaveValue('beta draft')
  for (const chat of Object.keys(owned)) {
    await senior.goto(senior.url().replace(/\/c\/[^?]+/, `/c/${chat}`))
    await expect(senior.getByRole('main')).toContainText(owned[chat]![0]!)
  }
  await newChat(senior)
  await expect(senior.getByText('What shall be built?')).toBeVisible()
  expectNothingWrong(frames.seen(), owned)
})
