/** Conversations that become too long, are rewritten, or bring files with them. */
import { afterEach, expect, test } from 'vitest'
import { type AgentWorld, startAgentWorld } from './agent-world.ts'
import type { Answer } from './scripted-model.ts'

let world: AgentWorld | undefined
afterEach(async () => {
  const faults = [...(world?.model.faults ?? []), ...((await world?.unlikeReplays()) ?? [])]
  await world?.[Symbol.asyncDispose]()
  world = undefined
  expect(faults).toEqual([])
})

const done: Answer = (say) => {
  say.text('Done.')
  say.end()
}
const said = (request: { messages: unknown[] }) =>
  (request.messages as { role: string; content: { type: string; text?: string }[] }[]).map(
    ({ role, content }) =>
      `${role}: ${content.map(({ type, text }) => text?.slice(0, 60) ?? type).join(' | ')}`,
  )

test('a conversation that fills its window is summed up by the model, and goes on from the summary', async () => {
  world = await startAgentWorld({ BATON_WINDOW_TOKENS: '20000' })
  const chat = await world.chat()
  world.model.answer(
    (say) => {
      say.thinking('Long ago.')
      say.call('list_files', {})
      say.end('tool_use', { input_tokens: 16_000 })
    },
    (say, request) => {
      expect(said(request).at(-1)).toMatch(
        /tool_result \| \[Baton\] This conversation is about to become too long/,
      )
      say.call('list_files', {})
      say.end('tool_use')
    },
    (say, request) => {
      expect(request.tool_choice).toEqual({ type: 'none' })
      say.thinking('In short.')
      say.text('They want an app. Nothing is written yet.')
      say.end()
    },
    done,
  )
  await chat.send('Build it')
  await chat.reaches('completed')
  const last = world.model.requests.at(-1)!
  expect(last.messages).toHaveLength(1)
  expect(JSON.stringify(last.messages)).toContain('So far:\\n\\nThey want an app. Nothing is written yet.')
  const compaction = (await chat.entries()).find(({ kind }) => kind === 'compaction')!
  expect(compaction.data).toMatchObject({ model: 'claude-sonnet-5-5', usage: { output_tokens: 100 } })
  const used =
    await world.sql`select entry_id, output_tokens::int, cost_usd from public.usage where chat_id = ${chat.id}`
  expect(used.filter(({ entry_id }) => entry_id)).toMatchObject([
    { entry_id: compaction.id, output_tokens: 100 },
  ])
  const costs = used.map(({ cost_usd }) => Number(cost_usd))
  expect(costs).toHaveLength(3)
  const { cost_usd } = await chat.run()
  expect(Number(cost_usd)).toBeCloseTo(
    costs.reduce((sum, cost) => sum + cost, 0),
    9,
  )

  world.model.answer(done)
  await chat.send('And now?')
  await chat.reaches('completed')
  expect(said(world.model.requests.at(-1)!)).toEqual([
    expect.stringMatching(/^user: \[Baton\] The conversation became too long/),
    'assistant: Done.',
    'user: And now?',
  ])
})

test('a call that takes longer to write than a worker lives is not begun again for ever', async () => {
  world = await startAgentWorld({ BATON_WALL_SECONDS: '2' })
  const chat = await world.chat()
  const endless: Answer = (say) => {
    say.open({ type: 'tool_use', id: `toolu_${world!.model.requests.length}`, name: 'write_file', input: {} })
    say.grow({ type: 'input_json_delta', partial_json: '{"path": "src/data.ts", "content": "' })
  }
  world.model.answer(
    endless,
    endless,
    (say, request) => {
      expect(said(request).at(-1)).toMatch(
        /Build it \| \[Baton\] Twice in a row your call of write_file was cut/,
      )
      say.call('write_file', { path: 'src/data.ts', content: 'export {}\n' })
      say.end('tool_use')
    },
    done,
  )
  await chat.send('Build it')
  await chat.reaches('completed')
  expect((await chat.turns()).map(({ state, stop_reason }) => [state, stop_reason])).toEqual([
    ['abandoned', 'out_of_time'],
    ['abandoned', 'out_of_time'],
    ['closed', 'tool_use'],
    ['closed', 'end_turn'],
  ])
  expect(await chat.file('src/data.ts')).toBe('export {}\n')
})

test('what it cost to try to sum up is counted, although it came to nothing', async () => {
  world = await startAgentWorld({ BATON_WINDOW_TOKENS: '20000' })
  const chat = await world.chat()
  const silent: Answer = (say) => say.end()
  world.model.answer(
    (say) => {
      say.call('list_files', {})
      say.end('tool_use', { input_tokens: 16_000 })
    },
    silent,
    (say) => {
      say.text('They want')
      say.cut()
    },
    (say) => {
      say.text('They want an app.')
      say.end()
    },
    done,
  )
  await chat.send('Build it')
  await chat.reaches('completed')
  const used = await world.sql`
    select u.input_tokens::int, u.output_tokens::int, u.cost_usd, e.id is null as came_to_nothing
    from public.usage u left join public.entries e on e.id = u.entry_id
    where u.chat_id = ${chat.id} and u.entry_id is not null order by u.id`
  expect(used).toMatchObject([{ came_to_nothing: true }, { came_to_nothing: false }])
  expect(used[0]!.input_tokens).toBe(2 * used[1]!.input_tokens)
  expect(Number(used[0]!.cost_usd)).toBeGreaterThan(Number(used[1]!.cost_usd))
})

test('a message that is sent again, differently, is answered as if the first had never been', async () => {
  world = await startAgentWorld()
  const chat = await world.chat()
  world.model.answer(done, done)
  await chat.send('Make it red')
  await chat.reaches('completed')
  const [first] = await chat.entries()
  await chat.as((t) => t`select public.resend_from(${first!.id}, 'Make it blue', 'again')`)
  await chat.reaches('completed')
  expect(said(world.model.requests.at(-1)!)).toEqual(['user: Make it blue'])
})

test('a model that refuses thinking of its own is asked without it', async () => {
  world = await startAgentWorld()
  const chat = await world.chat()
  world.model.answer(
    (say) => {
      say.thinking('Hm.')
      say.call('list_files', {})
      say.end('tool_use')
    },
    (say) =>
      say.refuse(400, 'invalid_request_error', 'messages.1.content.0: `thinking` blocks cannot be modified.'),
    done,
  )
  await chat.send('Go')
  await chat.reaches('completed')
  expect(
    world.model.requests.map((request) => JSON.stringify(request).includes('"type":"thinking"')),
  ).toEqual([false, true, false])
})

const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

test('an image and a text that are given with a message reach the model', async () => {
  world = await startAgentWorld({}, { gateway: true })
  const chat = await world.chat()
  const api = `http://127.0.0.1:${world.config.ports.api}`
  const upload = (name: string, type: string, body: Buffer) =>
    fetch(`${api}/storage/v1/object/attachments/${chat.projectId}/${name}`, {
      method: 'POST',
      headers: {
        apikey: world!.config.keys.publishable,
        authorization: `Bearer ${world!.person.token}`,
        'content-type': type,
      },
      body: new Uint8Array(body),
    })
  expect((await upload('pixel.png', 'image/png', Buffer.from(PIXEL, 'base64'))).status).toBe(200)
  expect((await upload('notes.md', 'text/markdown', Buffer.from('# Häuser'))).status).toBe(200)
  const attachments = [
    { name: 'pixel.png', media_type: 'image/png', size: 70, path: `${chat.projectId}/pixel.png` },
    { name: 'notes.md', media_type: 'text/markdown', size: 9, path: `${chat.projectId}/notes.md` },
    { name: 'gone.png', media_type: 'image/png', size: 9, path: `${chat.projectId}/gone.png` },
  ]
  world.model.answer(done)
  await chat.as((t) => t`select public.send_message(${chat.id}, 'Look', 'one', ${t.json(attachments)})`)
  await chat.reaches('completed')
  const content = world.model.requests[0]!.messages[0]!.content as { type: string }[]
  expect(content).toMatchObject([
    { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PIXEL } },
    { type: 'document', source: { type: 'text', data: '# Häuser' }, title: 'notes.md' },
    {
      type: 'text',
      text: '[Baton] "gone.png" was attached, but you cannot see it: it is not there any more.',
    },
    { type: 'text', text: 'Look' },
  ])
})
