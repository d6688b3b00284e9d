/**
 * A word of the model is committed; when is it in the document of a second browser, while 200 others follow the same
 * project? Beside a bare WebSocket server with as many sockets, whose page puts the same text into one element. Both
 * pages look on by a MutationObserver and tell the time by the clock of the machine.
 */
import { randomUUID } from 'node:crypto'
import { asPerson } from '../local/testing/person.ts'
import { startBrowserStack } from './browser.ts'
import { percentile, report, times } from './measure.ts'
import { openPlainPage, untilSeen } from './seen.ts'
import { joined, opened, openMany, startPlainServer } from './sockets.ts'

const CLIENTS = 200

await using stack = await startBrowserStack()
const { writer } = stack
const projectId = await stack.createProject()
const chatId = await stack.createChat(projectId)
const topic = `project:${projectId}`
const stream = await openStream()
const plain = await startPlainServer()

const crowd = await openMany(CLIENTS, () => joined(stack.config, stack.person, topic))
const plainCrowd = await openMany(CLIENTS, () => opened(plain.url))
const page = await stack.openPage()
await page.goto(`/p/${projectId}/c/${chatId}`)
await stream.append('It begins. ')
await page.locator('[data-entry-state="open"]').getByText('It begins.').waitFor()
const plainPage = await openPlainPage(stack.browser, plain.url)

const ours: number[] = []
const reference: number[] = []
for (let round = -10; round < times(300, 40); round += 1) {
  const word = `word${round + 100} `
  const said = await untilSeen(plainPage, word, async () => void plain.say(word))
  const committed = await untilSeen(page, word, () => stream.append(word))
  if (round < 0) continue
  reference.push(said)
  ours.push(committed)
}
for (const socket of [...crowd, ...plainCrowd]) socket.terminate()
plain.stop()
for (const share of [50, 95, 99]) {
  const name = `commit → DOM of another browser, ${CLIENTS} clients, p${share}`
  report(name, 'ms', percentile(ours, share), percentile(reference, share))
}

/** A turn that streams, written as a worker writes it. */
async function openStream() {
  const [sent] = await asPerson(
    writer,
    stack.person,
    (t) =>
      t<
        { sent: { run_id: string } }[]
      >`select public.send_message(${chatId}, 'Speak', ${randomUUID()}) as sent`,
  )
  const { run_id } = sent!.sent
  type Claimed = { token: number; stage: { id: string } }
  const [row] = await writer<
    { claimed: Claimed }[]
  >`select public.claim_run(${run_id}, 'bench', 600) as claimed`
  const { token, stage } = row!.claimed
  const [turn, entry] = [randomUUID(), randomUUID()]
  await writer`select public.open_turn(${turn}, ${run_id}, ${token}, ${stage.id}, 'bench', 'hash', '{}')`
  await writer`select public.open_entry(${entry}, ${run_id}, ${token}, ${turn}, 0, 'text')`
  let length = 0
  return {
    async append(text: string) {
      await writer`select public.append_to_entry(${entry}, ${run_id}, ${token}, ${length}, ${text})`
      length += text.length
    },
  }
}
