/** The process of the agent dies at a named point, or its time runs out; whoever takes over must leave no trace of that. */
import { afterEach, expect, test } from 'vitest'
import { type AgentWorld, startAgentWorld, type TestChat } from './agent-world.ts'
import type { Answer } from './scripted-model.ts'

let world: AgentWorld | undefined
afterEach(async () => {
  const faults = [...(world?.model.faults ?? []), ...((await world?.unlikeReplays()) ?? [])]
  await world?.[Symbol.asyncDispose]()
  world = undefined
  expect(faults).toEqual([])
})

/** Writes what is not written yet, so that it may be asked at any point of the story. */
const author: Answer = (say, request) => {
  const called = JSON.stringify(request.messages)
  const missing = ['a', 'b'].filter((name) => !called.includes(`"path":"${name}.txt"`))
  if (missing.length > 0) {
    say.thinking('What is missing?')
    say.text('I write.')
    for (const name of missing) say.call('write_file', { path: `${name}.txt`, content: `${name}\n` })
    return say.end('tool_use')
  }
  say.text('Both are there.')
  say.end()
}

async function expectWholeStory(chat: TestChat) {
  const entries = (await chat.entries()).filter(({ in_history }) => in_history)
  const kinds = entries.map(({ kind }) => kind)
  expect(kinds.at(-1)).toBe('text')
  expect(entries.at(-1)?.text).toBe('Both are there.')
  const operations = await world!.sql<{ path: string }[]>`
    select path from public.file_operations where project_id = ${chat.projectId} order by path`
  expect(operations.map(({ path }) => path)).toEqual(['a.txt', 'b.txt'])
  expect([await chat.file('a.txt'), await chat.file('b.txt')]).toEqual(['a\n', 'b\n'])
}

const POINTS = [
  'after:claim_run',
  'before:open_turn',
  'after:open_turn',
  'after:open_entry',
  'before:append_to_entry#2',
  'after:append_to_entry',
  'after:close_entry',
  'before:close_tool_use',
  'after:close_tool_use',
  'before:finish_tool_call',
  'after:finish_tool_call',
  'after:finish_tool_call#2',
  'before:close_turn',
  'after:close_turn',
  'before:finish_run',
  'after:finish_run',
]
test.for(POINTS)('a worker that dies %s is taken over from', { timeout: 40_000 }, async (point) => {
  world = await startAgentWorld({
    BATON_FAULTS_ALLOWED: '1',
    BATON_FAULTS: `${point}=exit`,
    BATON_LEASE_SECONDS: '1',
  })
  world.model.answer(...Array(8).fill(author))
  const chat = await world.chat()
  await chat.send('Two files, please')
  await chat.reaches('completed', 30_000)
  await expectWholeStory(chat)
})

test('a worker that stands still past its lease changes nothing when it wakes up', {
  timeout: 40_000,
}, async () => {
  world = await startAgentWorld({
    BATON_FAULTS_ALLOWED: '1',
    BATON_FAULTS: 'before:finish_tool_call=freeze:3000',
    BATON_LEASE_SECONDS: '1',
  })
  world.model.answer(...Array(8).fill(author))
  const chat = await world.chat()
  await chat.send('Two files, please')
  await chat.reaches('completed', 30_000)
  await expectWholeStory(chat)
})

test('a run that needs more time than a process has is handed over, in mid-answer too', {
  timeout: 40_000,
}, async () => {
  world = await startAgentWorld({ BATON_WALL_SECONDS: '2' })
  const chat = await world.chat()
  world.model.answer(
    (say) => {
      say.open({ type: 'text', text: '' })
      say.grow({ type: 'text_delta', text: 'It goes on and' })
    },
    (say) => {
      say.text(' on.')
      say.end()
    },
  )
  await chat.send('Tell me')
  const run = await chat.reaches('completed', 20_000)
  expect(run.lease_token).toBe('3')
  expect((await chat.entries()).map(({ kind, text }) => (kind === 'notice' ? kind : text))).toEqual([
    'Tell me',
    'It goes on and',
    'notice',
    ' on.',
  ])
})
