import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLog } from '../log.ts'
import { throwawayConfig } from '../testing/throwaway.ts'
import { startModel } from './start.ts'

type Message = { role: 'user' | 'assistant'; content: unknown }
type ModelEvent = { type: string; [field: string]: unknown }

const context = {
  config: throwawayConfig({ dataDir: '/nonexistent', databasePort: 0 }),
  log: createLog('model', () => {}),
  pace: 'instant',
}
let model: Awaited<ReturnType<typeof startModel>>
beforeAll(async () => {
  model = await startModel(context)
})
afterAll(() => model.stop())

const user = (content: unknown): Message => ({ role: 'user', content })

function ask(messages: Message[]): Promise<Response> {
  return fetch(`http://127.0.0.1:${model.port}/v1/messages`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-api-key': 'rehearsal',
      'anthropic-version': '2023-06-01',
    },
    body: JSON.stringify({ model: 'claude-sonnet-4-5', max_tokens: 1024, stream: true, messages }),
  })
}

/** The events until the end, and whether the stream ended as it should. */
async function stream(messages: Message[]) {
  const response = await ask(messages)
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  let text = ''
  let cut = false
  try {
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) text += chunk
  } catch {
    cut = true
  }
  const events = [...text.matchAll(/^data: (.+)$/gm)].map(([, data]) => JSON.parse(data!) as ModelEvent)
  return { events, cut: cut || events.at(-1)?.type !== 'message_stop' }
}

const textOf = (events: ModelEvent[]) =>
  events.map((event) => (event.delta as { text?: string } | undefined)?.text ?? '').join('')
const blocksOf = (events: ModelEvent[]) =>
  events
    .filter(({ type }) => type === 'content_block_start')
    .map((event) => (event.content_block as { type: string }).type)

test('is healthy', async () => {
  expect((await fetch(`http://127.0.0.1:${model.port}/health`)).status).toBe(200)
})

test.for(['Hello', 'hi there', '  Good morning!'])('"%s" is greeted by the rehearsal model', async (text) => {
  const { events, cut } = await stream([user(text)])
  expect(textOf(events)).toMatch(/^Hello! I am Baton's rehearsal model/)
  expect([events[0]?.type, cut]).toEqual(['message_start', false])
})

test('anything else is answered with what can be rehearsed', async () => {
  const { events } = await stream([user([{ type: 'text', text: 'Build me this, with a high contrast' }])])
  expect(textOf(events)).toContain('- Rehearse a tool call')
})

test('the same request has the same answer', async () => {
  const answers = await Promise.all([1, 2].map(() => stream([user('rehearse thinking')])))
  expect(textOf(answers[0]!.events)).toBe(textOf(answers[1]!.events))
  expect(blocksOf(answers[0]!.events)).toEqual(['thinking', 'text'])
})

test('a tool call comes as thinking, text and tool, its input in pieces, and its result is answered', async () => {
  const { events } = await stream([user('Please rehearse a tool call.')])
  expect(blocksOf(events)).toEqual(['thinking', 'text', 'tool_use'])
  const pieces = events.flatMap(
    ({ delta }) => (delta as { partial_json?: string } | undefined)?.partial_json ?? [],
  )
  expect(pieces.length).toBeGreaterThan(3)
  expect(JSON.parse(pieces.join(''))).toMatchObject({ path: 'src/rehearsal.ts' })
  expect(events.find(({ type }) => type === 'message_delta')?.delta).toMatchObject({
    stop_reason: 'tool_use',
  })

  const start = events.find((event) => (event.content_block as { id?: string } | undefined)?.id)
  const { id } = start!.content_block as { id: string }
  const answered = await stream([
    user('Please rehearse a tool call.'),
    { role: 'assistant', content: [{ type: 'tool_use', id, name: 'write_file', input: {} }] },
    user([{ type: 'tool_result', tool_use_id: id, content: 'written' }]),
  ])
  expect(textOf(answered.events)).toContain('The tool has answered')
})

test('text and tools may alternate', async () => {
  const { events } = await stream([user('rehearse several tools')])
  expect(blocksOf(events)).toEqual(['text', 'tool_use', 'text', 'tool_use'])
})

test.for([
  ['rehearse a rate limit', 429, 'rate_limit_error'],
  ['rehearse an overload', 529, 'overloaded_error'],
  ['rehearse a server error', 500, 'api_error'],
] as const)('"%s" is answered with HTTP %i', async ([text, status, type]) => {
  const response = await ask([user(text)])
  expect(response.status).toBe(status)
  expect(response.headers.get('retry-after')).toBe(status === 429 ? '1' : null)
  expect(await response.json()).toMatchObject({ type: 'error', error: { type } })
})

test('a cut stream ends without a last word', async () => {
  const { events, cut } = await stream([user('rehearse a cut')])
  expect(events.length).toBeGreaterThan(2)
  expect(cut).toBe(true)
})

test('a passing fault is over at the next attempt of the same conversation, and of no other', async () => {
  const one = [user('rehearse a passing rate limit')]
  const other = [user('Please rehearse a passing rate limit')]
  expect([(await ask(one)).status, (await ask(other)).status]).toEqual([429, 429])
  expect([(await ask(one)).status, (await ask(other)).status]).toEqual([200, 200])
  expect((await ask(one)).status).toBe(429)

  expect((await stream([user('rehearse a passing cut')])).cut).toBe(true)
  expect((await stream([user('rehearse a passing cut')])).cut).toBe(false)
})

test('what was said before a cut is taken up where it ended', async () => {
  const first = await stream([user('rehearse a passing cut, please')])
  const said = textOf(first.events)
  expect([first.cut, said.length > 10]).toEqual([true, true])
  const next = await stream([
    user('rehearse a passing cut, please'),
    { role: 'assistant', content: [{ type: 'text', text: said }] },
    user('[Baton] Your answer was cut. Go on from where it ended.'),
  ])
  expect(next.cut).toBe(false)
  expect(said + textOf(next.events)).toBe(
    'This answer is cut in the middle of the sentence, and what comes next takes it up where it ended.',
  )
})

test('an answer that is too long says so', async () => {
  const { events } = await stream([user('rehearse an answer that is too long')])
  expect(events.find(({ type }) => type === 'message_delta')?.delta).toMatchObject({
    stop_reason: 'max_tokens',
  })
})

test('a script that is broken is named, with its line', async () => {
  const scenariosDir = mkdtempSync(join(tmpdir(), 'baton-scenarios-'))
  writeFileSync(join(scenariosDir, 'tea.script'), '@person Make tea\n@answer\nYes.\n@boil\n')
  await expect(startModel({ ...context, scenariosDir })).rejects.toThrow(
    'tea, line 4: "@boil" is not a word of scripts.',
  )
  rmSync(scenariosDir, { recursive: true })
})
