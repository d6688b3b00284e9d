import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { eventually } from '../eventually.ts'
import { type AgentWorld, startAgentWorld } from './agent-world.ts'
import type { Answer, Say } from './scripted-model.ts'

let world: AgentWorld
beforeAll(async () => {
  world = await startAgentWorld()
})
afterAll(() => world[Symbol.asyncDispose]())
afterEach(async () => {
  expect(world.model.faults).toEqual([])
  expect(await world.unlikeReplays()).toEqual([])
})

const done: Answer = (say) => {
  say.text('Done.')
  say.end()
}
const overloaded: Answer = (say) => say.refuse(529, 'overloaded_error', 'Overloaded')

test('a rate limit is waited for as long as the server asks, and everybody sees it', async () => {
  const chat = await world.chat()
  let refusedAt = 0
  world.model.answer((say) => {
    refusedAt = Date.now()
    say.refuse(429, 'rate_limit_error', 'Too fast.', { 'retry-after': '1' })
  })
  let askedAgainAt = 0
  world.model.answer((say) => {
    askedAgainAt = Date.now()
    done(say, world.model.requests.at(-1)!)
  })
  await chat.send('Hi')
  await eventually(async () => expect((await chat.run()).fault).not.toBeNull())
  const { fault } = await chat.run()
  expect(fault?.error).toMatchObject({
    type: 'rate_limit_error',
    status: 429,
    message: 'Too fast.',
    request_id: null,
  })
  expect(Date.parse(fault!.retry_at!) - Date.now()).toBeGreaterThan(0)
  const run = await chat.reaches('completed')
  expect(askedAgainAt - refusedAt).toBeGreaterThanOrEqual(990)
  expect(run).toMatchObject({ fault: null, model_faults: 0 })
})

test('a limit that lasts long is left to a later worker', async () => {
  const chat = await world.chat()
  world.model.answer((say) =>
    say.refuse(429, 'rate_limit_error', 'Come tomorrow.', { 'retry-after': '86400' }),
  )
  await chat.send('Hi')
  const run = await chat.reaches('queued')
  await eventually(async () => expect((await chat.run()).fault).not.toBeNull())
  expect(Date.parse((await chat.run()).fault!.retry_at!) - Date.now()).toBeGreaterThan(86_000_000)
  await chat.as((t) => t`select public.stop_run(${run.id})`)
})

test('overload is tried again, and with five faults in a row the run waits for help, with the whole of it', async () => {
  const chat = await world.chat()
  world.model.answer(overloaded, overloaded, done)
  await chat.send('Hi')
  await chat.reaches('completed')

  world.model.answer(...Array(5).fill(overloaded))
  await chat.send('Hi again')
  const run = await chat.reaches('waiting')
  expect(run).toMatchObject({ reason: 'escalated', model_faults: 5 })
  expect(run.error).toMatchObject({ type: 'overloaded_error', status: 529, message: 'Overloaded' })

  world.model.answer(done)
  await chat.as((t) => t`select public.retry_run(${run.id})`)
  await chat.reaches('completed')
}, 60_000)

test('what cannot succeed is not tried again', async () => {
  const chat = await world.chat()
  world.model.answer((say) => say.refuse(401, 'authentication_error', 'invalid x-api-key'))
  await chat.send('Hi')
  const run = await chat.reaches('waiting')
  expect(run).toMatchObject({ error: { type: 'authentication_error' }, model_faults: 1 })
  expect(JSON.stringify(world.lines)).not.toContain('key-of-tests')
})

const CUTS: [string, (say: Say) => void][] = [
  ['is cut', (say) => say.cut()],
  ['ends in an error', (say) => say.fail('overloaded_error', 'Overloaded')],
]
test.for(CUTS)('when the stream %s, what was whole is kept, done once, and gone on from', async ([, cut]) => {
  const chat = await world.chat()
  world.model.answer(
    async (say) => {
      say.text('I write.')
      say.call('write_file', { path: 'a.txt', content: 'a' })
      say.open({ type: 'tool_use', id: 'toolu_cut', name: 'write_file', input: {} })
      say.grow({ type: 'input_json_delta', partial_json: '{"path": "b.txt", "content": "hal' })
      await eventually(async () => expect(await chat.file('a.txt')).toBe('a'))
      cut(say)
    },
    (say) => {
      say.text('Half a')
      say.open({ type: 'text', text: '' })
      say.grow({ type: 'text_delta', text: ' sentence' })
      cut(say)
    },
    done,
  )
  await chat.send('Write')
  await chat.reaches('completed')
  const entries = await chat.entries()
  expect(
    entries.map(({ kind, text, in_history }) => [kind, kind === 'notice' ? '' : text, in_history]),
  ).toEqual([
    ['message', 'Write', true],
    ['text', 'I write.', true],
    ['tool_use', expect.any(String), true],
    ['tool_use', expect.any(String), false],
    ['text', 'Half a', true],
    ['text', ' sentence', true],
    ['notice', '', true],
    ['text', 'Done.', true],
  ])
  const operations = await world.sql`select path from public.file_operations
    where project_id = ${chat.projectId} and version > (select count(*) from baton.template_files)`
  expect(operations).toEqual([{ path: 'a.txt' }])
})

test('a model that cannot be reached is a fault like others', async () => {
  const chat = await world.chat()
  world.model.answer((say) => say.cut(), done)
  await chat.send('Hi')
  await chat.reaches('completed')
  expect((await chat.turns()).map(({ state }) => state)).toEqual(['abandoned', 'closed'])
})

/**
 * The worker learns that it was stopped by its next write that is refused. The model may be silent, so what bounds that
 * is the heartbeat: a quarter of the lease. The lease of 3 s makes it 0.75 s, and whatever the machine takes beside.
 */
test('a person stops a run in the middle of a sentence, and the model is not listened to any longer', async () => {
  const chat = await world.chat()
  let gone = () => {}
  const isGone = new Promise<void>((settle) => {
    gone = settle
  })
  world.model.answer((say) => {
    say.open({ type: 'text', text: '' })
    say.grow({ type: 'text_delta', text: 'Once upon a time' })
    say.onGone(gone)
  })
  const runId = await chat.send('Tell me a story')
  await eventually(async () => {
    const parts = await world.sql`
      select from public.entry_parts p join public.entries e on e.id = p.entry_id where e.chat_id = ${chat.id}`
    expect(parts).toHaveLength(1)
  })
  await chat.as((t) => t`select public.stop_run(${runId})`)
  const asked = world.model.requests.length
  await isGone
  const ends = () => world.lines.flatMap(({ end, run }) => (end && run === runId ? [end] : []))
  await eventually(() => expect(ends()).toContain('lease lost'))
  expect(world.model.requests).toHaveLength(asked)
  const run = await chat.reaches('stopped')
  expect((await chat.entries()).at(-1)).toMatchObject({
    kind: 'text',
    text: 'Once upon a time',
    state: 'closed',
  })

  world.model.answer(done)
  await chat.as((t) => t`select public.retry_run(${run.id})`)
  await chat.reaches('completed')
})

test('two workers that are woken for one run do its work once', async () => {
  const chat = await world.chat()
  const before = world.model.requests.length
  world.model.answer(async (say) => {
    const { id } = await chat.run()
    await Promise.all(Array.from({ length: 5 }, () => world.wake(id)))
    await Promise.all(Array.from({ length: 3 }, () => world.wake(null)))
    say.call('write_file', { path: 'once.txt', content: 'once' })
    say.end('tool_use')
  }, done)
  await chat.send('Hi')
  const run = await chat.reaches('completed')
  expect(run.lease_token).toBe('2')
  expect(world.model.requests.length - before).toBe(2)
})

test('a call that a person cancelled is over, and the run goes on', async () => {
  const chat = await world.chat()
  world.model.answer((say) => {
    say.call('ask_user', { question: 'Really?' })
    say.end('tool_use')
  }, done)
  await chat.send('Hi')
  await chat.reaches('waiting')
  const [call] = await chat.calls()
  await chat.as((t) => t`select public.cancel_tool_call(${call!.id})`)
  await chat.reaches('completed')
  expect((await chat.calls())[0]).toMatchObject({ state: 'cancelled' })
})

test('nobody but Baton itself wakes the agent', async () => {
  const response = await world.wake('no id')
  expect([response.status, (await response.json()).code]).toEqual([400, 'BT004'])
})
