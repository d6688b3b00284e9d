/**
 * Somebody escalates; when is the card on the screen of a senior? Beside a bare WebSocket server whose page shows the same
 * sentence.
 */
import { asPerson } from '../local/testing/person.ts'
import { startBrowserStack } from './browser.ts'
import { percentile, report, times } from './measure.ts'
import { openPlainPage, untilSeen } from './seen.ts'
import { startPlainServer } from './sockets.ts'

await using stack = await startBrowserStack()
const { writer, person } = stack
const chatId = await stack.createChat(await stack.createProject())
const plain = await startPlainServer()
const plainPage = await openPlainPage(stack.browser, plain.url)
const desk = await stack.openPage()
await desk.goto('/escalations')
await desk.getByText('Nobody is waiting').waitFor()

const ours: number[] = []
const reference: number[] = []
for (let round = -5; round < times(100, 20); round += 1) {
  const reason = `Stuck for the time number ${round + 100}.`
  const said = await untilSeen(plainPage, reason, async () => void plain.say(reason))
  let raised = ''
  const seen = await untilSeen(desk, reason, async () => {
    raised = await escalate(reason)
  })
  await cancel(raised)
  await desk.getByText('Nobody is waiting').waitFor()
  if (round < 0) continue
  reference.push(said)
  ours.push(seen)
}
plain.stop()
for (const share of [50, 95, 99]) {
  const name = `escalate → card on the screen of a senior, p${share}`
  report(name, 'ms', percentile(ours, share), percentile(reference, share))
}

async function escalate(reason: string): Promise<string> {
  const [row] = await asPerson(
    writer,
    person,
    (t) => t<{ raised: { id: string } }[]>`select public.escalate(${chatId}, ${reason}) as raised`,
  )
  return row!.raised.id
}

async function cancel(id: string): Promise<void> {
  await asPerson(writer, person, (t) => t`select public.cancel_escalation(${id})`)
}
