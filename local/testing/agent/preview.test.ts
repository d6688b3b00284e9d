/** The agent and the preview of what it writes: what it is told, what it asks, and how it mends what cannot be built. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { ClaimedBuild, Manifest } from '../../../supabase/functions/_shared/protocol.ts'
import { eventually } from '../eventually.ts'
import { type AgentWorld, startAgentWorld, type TestChat } from './agent-world.ts'

let world: AgentWorld
beforeAll(async () => {
  world = await startAgentWorld()
})
afterAll(() => world[Symbol.asyncDispose]())
afterEach(async () => {
  expect(world.model.faults).toEqual([])
  expect(await world.unlikeReplays()).toEqual([])
})

const NOTHING: Manifest = {
  entry: '/index.html',
  files: {
    '/index.html': {
      hash: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      type: 'text/html',
      size: 0,
    },
  },
}
const EMPTY = [{ hash: NOTHING.files['/index.html']!.hash, content: '' }]

/** As a builder does: the build of the chat's project, which fails with the message, or not. */
async function build(chat: TestChat, fault?: string): Promise<void> {
  const claimed = await eventually(async () => {
    const [row] = await world.sql<{ build: ClaimedBuild | null }[]>`
      select public.claim_build('test', 60, ${world.sql.json({ [chat.projectId]: 0 })}) as build`
    if (row!.build?.project.id === chat.projectId) return row!.build
    if (row!.build) await finish(row!.build)
    throw new Error('Nothing waits.')
  })
  if (fault === undefined) return await finish(claimed)
  const errors = [{ file: 'src/a.ts', line: 1, column: 0, message: fault, frame: null }]
  await world.sql`
    select public.fail_build(${claimed.build.id}::uuid, ${claimed.token}::bigint, ${world.sql.json(errors)})`
}

async function finish({ build, token }: ClaimedBuild): Promise<void> {
  await world.sql`
    select public.finish_build(${build.id}::uuid, ${token}::bigint, ${world.sql.json(NOTHING as never)},
      fresh => ${world.sql.json(EMPTY)}, type_errors => '[]')`
}

const write =
  (content: string) => (say: { call(name: string, input: object): void; end(reason?: string): void }) => {
    say.call('write_file', { path: 'src/a.ts', content })
    say.end('tool_use')
  }
const stop = (say: { text(words: string): void; end(): void }) => {
  say.text('Done.')
  say.end()
}
const lastMessage = () => JSON.stringify(world.model.requests.at(-1)!.messages.at(-1))

test('a build that fails is put before the agent, which mends it without being asked', async () => {
  const chat = await world.chat()
  world.model.answer(write('broken'), stop, write('right'), stop)
  await chat.send('Write it')
  const first = await chat.reaches('completed')
  await build(chat, 'Unexpected token')
  await eventually(async () => expect((await chat.run()).id).not.toBe(first.id))
  await chat.reaches('completed')
  expect(JSON.stringify(world.model.requests.at(-2)!.messages)).toContain('src/a.ts:1:0\\nUnexpected token')
  expect(await chat.file('src/a.ts')).toBe('right')
  await build(chat)
  const mendings = await world.sql`select try, state from mendings where project_id = ${chat.projectId}`
  expect([...mendings]).toEqual([{ try: 1, state: 'mended' }])
})

test('the agent reads how its build went, waiting for it, and corrects it before it ends', async () => {
  const chat = await world.chat()
  world.model.answer(
    write('broken'),
    async (say) => {
      say.call('read_preview_errors', {})
      await build(chat, 'No such module')
      say.end('tool_use')
    },
    write('right'),
    stop,
  )
  await chat.send('Write it, and look')
  await chat.reaches('completed')
  expect(JSON.stringify(world.model.requests.at(-2)!.messages.at(-1))).toContain(
    'src/a.ts:1:0\\nNo such module',
  )
  await build(chat)
  expect(await world.sql`select from mendings where project_id = ${chat.projectId}`).toHaveLength(0)
})

test('an open preview shows the agent what is on the page; without one it is told so', async () => {
  const chat = await world.chat()
  world.model.answer((say) => {
    say.call('preview_outline', {})
    say.end('tool_use')
  }, stop)
  await chat.send('What do you see?')
  await eventually(async () => {
    const [answered] = await chat.as(
      (sql) => sql`
          select public.answer_preview(q.id, '{"outline": "main\\n  button Add"}') as answered
          from public.preview_questions q where q.project_id = ${chat.projectId} and q.state = 'open'`,
    )
    expect(answered).toEqual({ answered: true })
  })
  await chat.reaches('completed')
  expect(lastMessage()).toContain('main\\n  button Add')

  world.model.answer((say) => {
    say.call('preview_outline', {})
    say.end('tool_use')
  }, stop)
  await chat.send('And now?')
  await eventually(async () => {
    const { count } = await world.sql`
        update preview_questions set expires_at = now() where project_id = ${chat.projectId} and state = 'open'`
    expect(count).toBe(1)
  })
  await chat.reaches('completed')
  expect(lastMessage()).toContain('Nobody has the preview open')
})
