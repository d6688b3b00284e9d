/**
 * A chat of 10,000 entries in the real app: from its address to its last words on screen, from its end to its beginning
 * by scrolling, and from one such chat to another and back. The reference is a bare page that puts the same texts into
 * as many paragraphs: what a browser takes for the text alone, without markdown, markers and all that follows live.
 */
import { randomUUID } from 'node:crypto'
import type { Page } from '@playwright/test'
import { asPerson } from '../local/testing/person.ts'
import { startBrowserStack } from './browser.ts'
import { percentile, report, times } from './measure.ts'
import { cpuOf } from './page-cpu.ts'
import { SHORT_ANSWERS } from './pages/words.ts'

const ENTRIES = times(10_000, 3_000)

type Scrolled = { total: number; worstFrame: number }

/** Runs in the page, as text since what compiles this file adds to functions: 3,000 pixels a frame, a wheel that is spun. */
const scrollUp = (isThere: string) => `new Promise((resolve) => {
  const frame = document.querySelector('[aria-label="Conversation"]') ?? document.body
  const began = performance.now()
  let [last, worstFrame] = [began, 0]
  requestAnimationFrame(function step() {
    const now = performance.now()
    worstFrame = Math.max(worstFrame, now - last)
    last = now
    if (${isThere}) return resolve({ total: now - began, worstFrame })
    frame.scrollTop -= 3000
    requestAnimationFrame(step)
  })
})`

await using stack = await startBrowserStack()
const projectId = await stack.createProject()
const chats = [await longChat('One'), await longChat('Two')]
const page = await stack.openPage()
const plain = await stack.browser.newPage()
const [cpu, plainCpu] = [await cpuOf(page), await cpuOf(plain)]

const opening: number[] = []
const openingCpu: number[] = []
const plainOpening: number[] = []
const plainOpeningCpu: number[] = []
for (let round = -1; round < times(10, 3); round += 1) {
  await plain.goto('about:blank')
  const plainBefore = await plainCpu()
  const reference = await openPlainly(plain)
  const plainUsed = (await plainCpu()) - plainBefore
  await page.goto('about:blank')
  const before = await cpu()
  const began = performance.now()
  await page.goto(`/p/${projectId}/c/${chats[0]}`)
  await lastWords('One')
  const took = performance.now() - began
  if (round < 0) continue
  plainOpening.push(reference)
  plainOpeningCpu.push(plainUsed)
  opening.push(took)
  openingCpu.push((await cpu()) - before)
}
const reference = percentile(plainOpening, 50)
report(`open a chat of ${ENTRIES} entries, p50`, 'ms', percentile(opening, 50), reference)
report('the same, computing, p50', 'ms', percentile(openingCpu, 50), percentile(plainOpeningCpu, 50))

const switching: number[] = []
for (let round = -2; round < times(20, 6); round += 1) {
  const [name, link] = round % 2 === 0 ? ['Two', 'Chat Two'] : ['One', 'Chat One']
  const began = performance.now()
  await page.getByRole('list', { name: 'Chats' }).getByRole('link', { name: link }).click()
  await lastWords(name)
  if (round >= 0) switching.push(performance.now() - began)
}
report('switch between two of them, p50', 'ms', percentile(switching, 50), reference)
report('switch between two of them, p95', 'ms', percentile(switching, 95), reference)

// Older pages are asked for on the way, 500 entries each.
const beforeScrolling = await cpu()
const scrolled = await page.evaluate<Scrolled>(scrollUp("frame.textContent.includes('The first words.')"))
const scrollingCpu = (await cpu()) - beforeScrolling
const plainBeforeScrolling = await plainCpu()
const plainScrolled = await plain.evaluate<Scrolled>(scrollUp('frame.scrollTop === 0'))
report('scroll from its end to its beginning', 'ms', scrolled.total, plainScrolled.total)
report('the same, computing', 'ms', scrollingCpu, (await plainCpu()) - plainBeforeScrolling)
report('worst frame of that', 'ms', scrolled.worstFrame, plainScrolled.worstFrame)

async function lastWords(name: string): Promise<void> {
  await page.getByRole('region', { name: 'Conversation' }).getByText(`The last words of ${name}.`).waitFor()
}

/** Written as rows: ten thousand turns of a worker would say nothing more about the screen. */
async function longChat(name: string): Promise<string> {
  const chatId = await stack.createChat(projectId)
  const { writer } = stack
  await asPerson(writer, stack.person, (t) => t`select public.rename_chat(${chatId}, ${`Chat ${name}`})`)
  await writer`
    insert into public.entries (chat_id, project_id, run_id, turn_id, turn, index, kind, text, state, closed_at)
    select ${chatId}, ${projectId}, ${randomUUID()}, ${randomUUID()}, n, 0, 'text',
      case n when ${ENTRIES - 1} then ${`The last words of ${name}.`} when 0 then 'The first words.'
        else (${SHORT_ANSWERS.slice(0, 50)}::text[])[n % 50 + 1] end, 'closed', now()
    from generate_series(0, ${ENTRIES - 1}) n`
  await writer`update public.chats set next_turn = ${ENTRIES} where id = ${chatId}`
  return chatId
}

async function openPlainly(where: Page): Promise<number> {
  const texts = Array.from({ length: ENTRIES }, (_, n) => SHORT_ANSWERS[n % 50])
  return await where.evaluate((all) => {
    const began = performance.now()
    document.body.style.cssText = 'height: 900px; overflow-y: auto; margin: 0'
    for (const text of all)
      document.body.append(Object.assign(document.createElement('p'), { textContent: text }))
    document.body.scrollTop = document.body.scrollHeight
    return performance.now() - began
  }, texts)
}
