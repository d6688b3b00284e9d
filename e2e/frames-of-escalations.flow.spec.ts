/** Calls for help in several chats at once, and a person who switches between them while streams run. */
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures/actors.ts'
import { composer, said } from './fixtures/chat.ts'
import { chatBar, claimAs, raise } from './fixtures/desk.ts'
import {
  callForAFrame,
  expectNothingWrong,
  fillForAFrame,
  type Owned,
  showForAFrame,
  watchFrames,
} from './fixtures/frames.ts'
import { newProject, signedIn } from './fixtures/projects.ts'

const rail = (page: Page, word: string) =>
  page.getByRole('list', { name: 'Chats' }).getByRole('link', { name: new RegExp(word) })
const chips = (page: Page) => page.getByRole('list', { name: 'Suggested steps' })

/** What the junior asks for in each chat, and what of it is nowhere else: a reason, its chips, a question. */
const CHATS: Record<string, { request: string; words: string[] }> = {
  alpha: {
    request: 'Rehearse getting stuck',
    words: ['data/export.json', 'The export of the old version', 'Begin without it'],
  },
  beta: { request: 'Rehearse an endless loop', words: ['the same call of list_files', 'Go another way'] },
  gamma: {
    request: 'Rehearse a question',
    words: ['Which of these do you like best?', 'gamma cannot decide', 'Say what is wanted'],
  },
  delta: { request: 'Rehearse a slow answer', words: ['This answer takes', 'delta is slow'] },
}

async function goTo(page: Page, word: string): Promise<void> {
  await rail(page, word).click()
  await expect(page.getByRole('main')).toContainText(word)
}

type Place = { url: string; ids: Record<string, string>; owned: Owned }

async function callForHelp(name: string): Promise<Place> {
  const { id: project_id } = await newProject(name)
  const call = await signedIn('junior@demo.test')
  const ids: Record<string, string> = {}
  const owned: Owned = {}
  for (const [word, { request, words }] of Object.entries(CHATS)) {
    const chat = (await call('create_chat', { project_id, title: word })) as { id: string }
    ids[word] = chat.id
    owned[chat.id] = [`${request} ${word}`, `${word} draft`, ...words]
    const message = { chat_id: chat.id, content: `${request} ${word}`, client_id: crypto.randomUUID() }
    await call('send_message', { ...message, attachments: [] })
  }
  return { url: `/p/${project_id}/c/${ids.alpha}`, ids, owned }
}

test('no frame ever shows the escalation, chips, question or draft of another chat while calls are claimed', async ({
  senior,
}) => {
  test.setTimeout(180_000)
  const { url, ids, owned } = await callForHelp('Four calls at once')
  const frames = await watchFrames(senior)
  await senior.goto(url)
  await frames.own(owned)
  for (const word of Object.keys(CHATS)) {
    await goTo(senior, word)
    await composer(senior).fill(`${word} draft`)
  }
  await expect(said(senior, 'This answer takes')).toBeVisible({ timeout: 20_000 })
  await raise('junior@demo.test', ids.gamma!, 'gamma cannot decide')

  for (const [word, next] of [
    ['alpha', 'beta'],
    ['beta', 'gamma'],
    ['gamma', 'delta'],
  ] as const) {
    await goTo(senior, word)
    await chatBar(senior).getByRole('button', { name: 'Start here' }).click({ timeout: 30_000 })
    await rail(senior, next).click()
    await goTo(senior, word)
    await expect(chips(senior)).toContainText(CHATS[word]!.words.at(-1)!, { timeout: 30_000 })
  }
  await goTo(senior, 'delta')
  const call = await signedIn('junior@demo.test')
  await raise('junior@demo.test', ids.delta!, 'delta is slow')
  await goTo(senior, 'beta')
  const { escalation } = (await call('chat_escalation', { chat_id: ids.delta })) as {
    escalation: { id: string }
  }
  await claimAs('sam@demo.test', escalation.id)

  for (const word of ['delta', 'alpha', 'gamma', 'beta', 'alpha', 'delta', 'gamma']) await goTo(senior, word)
  for (const word of ['alpha', 'beta', 'gamma', 'delta', 'alpha']) await rail(senior, word).click()
  await expect(chips(senior)).toContainText('Begin without it')
  for (let turn = 0; turn < 3; turn += 1) await senior.goBack()
  await senior.reload()
  for (const word of Object.keys(CHATS)) {
    await goTo(senior, word)
    await expect(composer(senior)).toHaveValue(`${word} draft`)
  }
  await expect(chatBar(senior)).toContainText('Sam has it: delta is slow')
  expectNothingWrong(frames.seen(), owned)
})

test('a frame that did show something of another chat would be noticed', async ({ senior }) => {
  test.slow()
  const { url, ids, owned } = await callForHelp('Seen by all means')
  const frames = await watchFrames(senior)
  await senior.goto(url)
  await frames.own(owned)
  await chatBar(senior).getByRole('button', { name: 'Start here' }).click({ timeout: 30_000 })
  await expect(chips(senior)).toBeVisible({ timeout: 30_000 })
  const chip = await chips(senior).evaluate(({ outerHTML }) => outerHTML)
  const bar = await chatBar(senior).evaluate(({ outerHTML }) => outerHTML)
  const lane = await senior
    .locator('[data-lane]')
    .first()
    .evaluate(({ outerHTML }) => outerHTML)
  await goTo(senior, 'gamma')
  const question = await said(senior, 'Which of these do you like best?')
    .first()
    .evaluate(({ outerHTML }) => outerHTML)
  expect(frames.seen().wrong).toEqual([])

  await goTo(senior, 'delta')
  const noticed = async (words: string) => {
    await expect.poll(() => frames.seen().wrong).toContain(`“${words}” in the chat ${ids.delta}`)
    frames.seen().wrong.length = 0
  }
  await showForAFrame(senior, chip)
  await noticed('Begin without it')
  await showForAFrame(senior, bar)
  await noticed('The export of the old version')
  await showForAFrame(senior, lane)
  await noticed('data/export.json')
  await showForAFrame(senior, question)
  await noticed('Which of these do you like best?')
  await fillForAFrame(senior, 'gamma draft')
  await noticed('gamma draft')
  await callForAFrame(senior, ids.gamma!)
  await expect
    .poll(() => frames.seen().wrong)
    .toContain(`the chat ${ids.gamma} under ${new URL(senior.url()).pathname}`)
})
