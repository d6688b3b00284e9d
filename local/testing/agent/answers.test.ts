import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
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

const lastRequest = () => world.model.requests.at(-1)!
const resultsIn = (request = lastRequest()) =>
  (request.messages.at(-1)!.content as { type: string; content: string; is_error?: boolean }[]).filter(
    ({ type }) => type === 'tool_result',
  )
const callEnds = (chat: TestChat, index: number) =>
  eventually(async () => expect((await chat.calls())[index]?.ended_at).toBeTruthy())

test('a message is answered, and the answer is the conversation', async () => {
  const chat = await world.chat()
  world.model.answer((say) => {
    say.thinking('They greet me.')
    say.text('Hello, what shall we build? 🎈')
    say.end()
  })
  await chat.send('Hi there')
  const run = await chat.reaches('completed')
  const entries = await chat.entries()
  expect(entries.map(({ kind, text }) => [kind, text])).toEqual([
    ['message', 'Hi there'],
    ['thinking', 'They greet me.'],
    ['text', 'Hello, what shall we build? 🎈'],
  ])
  expect(Number(run.cost_usd)).toBeCloseTo((100 * 2 + 20 * 2.5 + 1_000 * 0.1 + 50 * 10) / 1e6, 9)
})

test('each tool runs while the model still speaks, in parallel, and its real result is the next thing the model reads', async () => {
  const chat = await world.chat()
  world.model.answer(
    async (say) => {
      say.text('Two files.')
      say.call('write_file', { path: 'src/a.ts', content: 'export const a = 1\n' })
      await callEnds(chat, 0)
      expect(await chat.file('src/a.ts')).toBe('export const a = 1\n')
      say.call('write_file', { path: './src//b.ts', content: 'export const b = 2\n' })
      say.call('read_file', { path: 'src/none.ts' })
      await callEnds(chat, 2)
      say.end('tool_use')
    },
    (say) => {
      say.text('Done.')
      say.end()
    },
  )
  await chat.send('Write two files')
  await chat.reaches('completed')
  expect((await chat.calls()).map(({ state }) => state)).toEqual(['complete', 'complete', 'error'])
  expect(resultsIn().map(({ content, is_error }) => [content, is_error])).toEqual([
    ['Created src/a.ts (1 line).', undefined],
    ['Created src/b.ts (1 line).', undefined],
    [
      'There is no file src/none.ts. There are: src/App.tsx, src/a.ts, src/b.ts, src/index.css, src/main.tsx.',
      true,
    ],
  ])
  const [turn] = await chat.turns()
  for (const call of await chat.calls())
    expect(call.ended_at.getTime()).toBeLessThan(turn!.ended_at.getTime())
})

test('calls of one answer that touch the same path run in the order of their blocks', async () => {
  const chat = await world.chat()
  world.model.answer(
    (say) => {
      say.call('write_file', { path: 'list.txt', content: 'one\n' })
      for (const [search, replace] of [
        ['one', 'two'],
        ['two', 'three'],
        ['three', 'four'],
      ])
        say.call('edit_file', { path: 'list.txt', edits: [{ search, replace }] })
      say.call('move_file', { from: 'list.txt', to: 'moved.txt' })
      say.call('edit_file', { path: 'moved.txt', edits: [{ search: 'four', replace: 'five' }] })
      say.end('tool_use')
    },
    (say) => {
      say.text('Done.')
      say.end()
    },
  )
  await chat.send('Count')
  await chat.reaches('completed')
  expect((await chat.calls()).map(({ state }) => state)).toEqual(Array(6).fill('complete'))
  expect(await chat.file('moved.txt')).toBe('five\n')
})

test('malformed input, an unknown tool and a wrong input are told to the model, and the run goes on', async () => {
  const chat = await world.chat()
  world.model.answer(
    (say) => {
      say.json('write_file', '{"path": "src/a.ts", "content": "cut in the mid')
      say.call('run_shell', { command: 'ls' })
      say.call('write_file', { path: 7 })
      say.json('write_file', '{"path": "nul.txt", "content": "\\u0000"}')
      say.json('list_files', '')
      say.end('tool_use')
    },
    (say) => {
      say.text('I see.')
      say.end()
    },
  )
  await chat.send('Go')
  await chat.reaches('completed')
  const calls = await chat.calls()
  expect(calls.map(({ state, error }) => [state, error?.type])).toEqual([
    ['error', 'malformed_input'],
    ['error', 'unknown_tool'],
    ['error', 'invalid_input'],
    ['error', 'malformed_input'],
    ['complete', undefined],
  ])
  expect(resultsIn().map(({ content }) => content)).toEqual([
    expect.stringContaining('write less at once'),
    expect.stringContaining('The tools are: write_file, edit_file'),
    'The input of write_file is not valid: input lacks "content"; path must be a string, not a number. Nothing was done; call it again.',
    expect.stringContaining('a NUL character'),
    expect.stringMatching(/^index\.html.*\nsrc\/App\.tsx.*\nsrc\/index\.css.*\nsrc\/main\.tsx/s),
  ])
})

test('the files that a new project begins with are listed, read and changed like any others', async () => {
  const chat = await world.chat()
  world.model.answer(
    (say) => {
      say.call('list_files', { folder: 'src' })
      say.call('read_file', { path: 'src/pages/home.tsx' })
      say.end('tool_use')
    },
    (say) => {
      const search = 'Your app begins here'
      say.call('edit_file', { path: 'src/pages/home.tsx', edits: [{ search, replace: 'Tasks' }] })
      say.end('tool_use')
    },
    (say) => {
      expect(resultsIn()[0]!.content).toMatch(/^Replaced 1 passage in src\/pages\/home\.tsx/)
      say.text('Done.')
      say.end()
    },
  )
  await chat.send('Call it Tasks')
  await chat.reaches('completed')
  const [listed, read] = resultsIn(world.model.requests.at(-2))
  expect(listed!.content).toMatch(/^src\/App\.tsx \(.*\nsrc\/main\.tsx \(.*\nsrc\/pages\/home\.tsx \(/s)
  expect(read!.content).toMatch(/^src\/pages\/home\.tsx, \d+ lines:\n.*export function Home\(\)/s)
  expect(await chat.file('src/pages/home.tsx')).toMatch(/<h1 .*>Tasks<\/h1>/)
})

test('a path that the database refuses is explained to the model', async () => {
  const chat = await world.chat()
  world.model.answer(
    (say) => {
      say.call('write_file', { path: 'src/App.tsx', content: 'a' })
      say.call('write_file', { path: 'src/app.tsx', content: 'b' })
      say.call('write_file', { path: 'INDEX.html', content: 'b' })
      say.call('write_file', { path: '../outside', content: 'c' })
      say.call('write_file', { path: 'node_modules/x.js', content: 'd' })
      say.end('tool_use')
    },
    (say) => {
      say.text('I see.')
      say.end()
    },
  )
  await chat.send('Go')
  await chat.reaches('completed')
  expect(resultsIn().map(({ content }) => content)).toEqual([
    'Replaced src/App.tsx (1 line).',
    expect.stringMatching(/src\/app\.tsx, src\/App\.tsx: .*Upper and lower case/),
    expect.stringMatching(/INDEX\.html, index\.html: .*Upper and lower case/),
    expect.stringContaining('leaves the project'),
    expect.stringContaining('kept for the system'),
  ])
})

test('a question waits for a person, whoever works on the run, and the answer is its result', async () => {
  const chat = await world.chat()
  world.model.answer(
    (say) => {
      say.call('ask_user', { question: 'Which colour?', options: [{ label: 'Red' }, { label: 'Blue' }] })
      say.call('write_file', { path: 'meanwhile.txt', content: 'written' })
      say.end('tool_use')
    },
    (say) => {
      say.text('Blue it is.')
      say.end()
    },
  )
  await chat.send('Paint it')
  await chat.reaches('waiting')
  expect(await chat.file('meanwhile.txt')).toBe('written')
  const [question] = await world.sql`select id, prompt from public.questions where chat_id = ${chat.id}`
  expect(question!.prompt).toMatchObject({ question: 'Which colour?', multiple: false, free_text: true })
  await chat.as((t) => t`select public.answer_question(${question!.id}, ${t.json({ choice: 'Blue' })})`)
  await chat.reaches('completed')
  expect(JSON.parse(resultsIn()[0]!.content)).toEqual({ choice: 'Blue' })
})

test('a message that comes while a run goes on is read at its next step', async () => {
  const chat = await world.chat()
  world.model.answer(
    async (say) => {
      say.text('I begin.')
      await chat.send('And make it blue')
      say.call('list_files', {})
      say.end('tool_use')
    },
    (say) => {
      say.text('Blue.')
      say.end()
    },
  )
  await chat.send('Make a button')
  await chat.reaches('completed')
  const last = lastRequest().messages.at(-1)!.content as { type: string; text?: string }[]
  expect(last.map(({ type, text }) => text ?? type)).toEqual(['tool_result', 'And make it blue'])
})

test('a file that a person changed since the model last saw it is not overwritten, in a later run neither', async () => {
  const chat = await world.chat()
  world.model.answer(
    (say) => {
      say.call('write_file', { path: 'src/App.tsx', content: 'model 1\n' })
      say.end('tool_use')
    },
    (say) => {
      say.text('Done.')
      say.end()
    },
  )
  await chat.send('Write it')
  await chat.reaches('completed')
  await chat.as(
    (t) => t`select public.save_file(${chat.projectId}, 'src/App.tsx', ${'person\n'},
      (select version from public.files where project_id = ${chat.projectId} and path = 'src/App.tsx'))`,
  )
  world.model.answer(
    (say) => {
      say.call('write_file', { path: 'src/App.tsx', content: 'model 2\n' })
      say.call('edit_file', { path: 'src/App.tsx', edits: [{ search: 'person', replace: 'model' }] })
      say.end('tool_use')
    },
    async (say) => {
      expect(await chat.file('src/App.tsx')).toBe('person\n')
      say.call('read_file', { path: 'src/App.tsx' })
      say.call('edit_file', { path: 'src/App.tsx', edits: [{ search: 'person', replace: 'both' }] })
      say.end('tool_use')
    },
    (say) => {
      say.text('Done.')
      say.end()
    },
  )
  await chat.send('Change it')
  await eventually(async () => expect(await chat.file('src/App.tsx')).toBe('both\n'))
  await chat.reaches('completed')
  const told = (await chat.calls()).slice(1, 3).map(({ result }) => result)
  expect(told).toEqual(Array(2).fill(expect.stringContaining('Somebody changed src/App.tsx')))
})

test('a call that is made three times in a row with the same result stops the run with that reason', async () => {
  const chat = await world.chat()
  for (let i = 0; i < 3; i++)
    world.model.answer((say) => {
      say.call('read_file', { path: 'nowhere.ts' })
      say.end('tool_use')
    })
  await chat.send('Loop')
  const run = await chat.reaches('waiting')
  expect(run).toMatchObject({ reason: 'escalated', error: { type: 'same_call_thrice' } })
  expect((await chat.entries()).at(-1)).toMatchObject({
    kind: 'notice',
    data: { stopped: 'same_call_thrice' },
  })

  world.model.answer((say) => {
    say.text('There is no such file.')
    say.end()
  })
  await chat.as((t) => t`select public.retry_run(${run.id})`)
  await chat.reaches('completed')
})

test('an answer that reached its length goes on in the next turn, and what was cut is shown and not sent', async () => {
  const chat = await world.chat()
  world.model.answer(
    (say) => {
      say.text('A long')
      say.end('max_tokens')
    },
    (say) => {
      say.text(' story.')
      say.end()
    },
  )
  await chat.send('Tell me')
  await chat.reaches('completed')
  expect((await chat.entries()).map(({ kind, text }) => (kind === 'notice' ? kind : text))).toEqual([
    'Tell me',
    'A long',
    'notice',
    ' story.',
  ])
})

test('a refusal stops the run with what the model says about it', async () => {
  const chat = await world.chat()
  world.model.answer((say) => {
    say.end('refusal')
  })
  await chat.send('Something bad')
  expect(await chat.reaches('waiting')).toMatchObject({ error: { type: 'refusal' } })
})

test('an empty answer is asked for again', async () => {
  const chat = await world.chat()
  world.model.answer(
    (say) => say.end(),
    (say) => {
      say.text(' \n')
      say.end()
    },
    (say) => {
      say.text('Sorry, here I am.')
      say.end()
    },
  )
  await chat.send('Hello?')
  const run = await chat.reaches('completed')
  expect(run.model_faults).toBe(0)
  expect((await chat.turns()).map(({ state }) => state)).toEqual(['abandoned', 'abandoned', 'closed'])
})

test('each request begins with the one before it, byte for byte, cache marks aside', async () => {
  const chat = await world.chat()
  const first = world.model.requests.length
  world.model.answer(
    (say) => {
      say.thinking('Hm.')
      say.text('One.')
      say.call('set_plan', { items: [{ text: 'Begin', state: 'doing' }] })
      say.call('rename_app', { name: 'Fine  App' })
      say.end('tool_use')
    },
    (say) => {
      say.thinking('Hm again.', 'signed too')
      say.call('list_files', {})
      say.end('tool_use')
    },
    (say) => {
      say.text('Two.')
      say.end()
    },
  )
  await chat.send('Begin')
  await chat.reaches('completed')
  world.model.answer((say) => {
    say.text('Three.')
    say.end()
  })
  await chat.send('Go on')
  await chat.reaches('completed')
  const unmarked = world.model.requests
    .slice(first)
    .map((request) => JSON.stringify(request).replaceAll(',"cache_control":{"type":"ephemeral"}', ''))
  expect(unmarked).toHaveLength(4)
  for (const [index, request] of unmarked.slice(1).entries()) {
    const before = unmarked[index]!.replace(/\],"stream":true\}$/, '')
    expect(request.startsWith(before.replace(/\]\}$/, ''))).toBe(true)
  }
})
