import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLog } from '../log.ts'
import { throwawayConfig } from '../testing/throwaway.ts'
import { loadScripts } from './script/load.ts'
import { OUR_SCENARIOS, startModel } from './start.ts'
import { Chat, callsOf, type Turn, textOf } from './testing/chat.ts'

let model: Awaited<ReturnType<typeof startModel>>
beforeAll(async () => {
  const config = throwawayConfig({ dataDir: '/nonexistent', databasePort: 0 })
  model = await startModel({ config, log: createLog('model', () => {}), pace: 'instant' })
})
afterAll(() => model.stop())

const contentOf = (chat: Chat, path: string) => chat.project.files.get(path)?.content ?? ''

/** A chat in which the todo list has just been built. */
async function todoList(): Promise<Chat> {
  const chat = new Chat(model.port)
  await chat.say('Please build a to-do list for our team')
  return chat
}

test('an app is built over several turns, with several tools in one answer', async () => {
  const chat = new Chat(model.port)
  const turns = await chat.say('Please build a to-do list for our team')
  expect(turns.length).toBeGreaterThan(3)
  expect(turns[0]!.content.filter(({ type }) => type === 'tool_use').length).toBeGreaterThan(2)
  expect(chat.project.name).toBe('Tasks')
  expect(chat.project.plan.every(({ state }) => state === 'done')).toBe(true)
  expect(contentOf(chat, 'src/App.tsx')).toContain('<h1')
})

test('a rename changes the name of the app and its heading', async () => {
  const chat = await todoList()
  await chat.say('Rename it to "Errands & co"')
  expect(chat.project.name).toBe('Errands & co')
  expect(contentOf(chat, 'src/App.tsx')).toMatch(/<title>Errands & co<\/title>[\s\S]*>Errands & co<\/h1>/)
})

test.for([
  ['Make it dark', 'color-scheme: dark;'],
  ['Can you make it light, please', 'color-scheme: light;'],
  ['Change the accent colour to green', 'oklch(0.5 0.12 150)'],
])('"%s" changes the style sheet', async ([wish, expected]) => {
  const chat = await todoList()
  expect(callsOf(await chat.say(wish!))).toEqual(['edit_file src/index.css'])
  expect(contentOf(chat, 'src/index.css')).toContain(expected)
})

test('a general change works on an app that nobody spoke of in this chat, by looking at it first', async () => {
  const { project } = await todoList()
  const chat = new Chat(model.port, project)
  expect(callsOf(await chat.say('Make it dark'))).toEqual([
    'read_file src/index.css',
    'edit_file src/index.css',
  ])
  expect(contentOf(chat, 'src/index.css')).toContain('color-scheme: dark;')
})

test('undo takes back the newest change, and then the one before it', async () => {
  const chat = await todoList()
  const states = [snapshot(chat)]
  for (const wish of ['Add a filter for open and done tasks', 'Make it dark', 'Rename it to Errands']) {
    await chat.say(wish)
    states.push(snapshot(chat))
  }
  for (const before of states.toReversed().slice(1)) {
    await chat.say('Undo that')
    expect(snapshot(chat)).toEqual(before)
  }
  expect(textOf(await chat.say('Undo that'))).toContain('There is no change in this conversation')
})

const snapshot = ({ project }: Chat) => ({
  name: project.name,
  files: Object.fromEntries([...project.files].map(([path, { content }]) => [path, content]).toSorted()),
})

test('a file that a person has changed is read again, and their change is kept', async () => {
  const chat = await todoList()
  chat.project.save('src/App.tsx', contentOf(chat, 'src/App.tsx').replace('All done', 'Nothing left'))
  const calls = callsOf(await chat.say('Add a filter for open and done tasks'))
  expect(calls).toEqual([
    'write_file src/filter-bar.tsx',
    'edit_file src/App.tsx',
    'read_file src/App.tsx',
    'edit_file src/App.tsx',
  ])
  expect(contentOf(chat, 'src/App.tsx')).toMatch(/FilterBar[\s\S]*Nothing left/)
})

test('a place that a person has rewritten is left alone, and the person is told', async () => {
  const chat = await todoList()
  chat.project.save('src/App.tsx', 'export default function App() {\n  return <h1>All mine</h1>\n}\n')
  const turns = await chat.say('Add a filter for open and done tasks')
  expect(textOf(turns)).toContain('`src/App.tsx` has changed where I wanted to change it')
  expect(contentOf(chat, 'src/App.tsx')).toContain('All mine')
})

test('a change that is in the app already is not made twice', async () => {
  const chat = await todoList()
  await chat.say('Add a filter for open and done tasks')
  const turns = await chat.say('Add a filter for open and done tasks')
  expect([callsOf(turns), textOf(turns)]).toEqual([[], expect.stringContaining('in the app already')])
})

test('what a person says while tools are at work is done after what was begun', async () => {
  const chat = new Chat(model.port)
  chat.add('user', [{ type: 'text', text: 'Build me a todo list' }])
  const first = await chat.ask()
  chat.add('assistant', first.content as never)
  const calls = first.content.filter((block) => block.type === 'tool_use')
  chat.add('user', await Promise.all(calls.map((call) => chat.result(call))))
  const calledNext = callsOf(await chat.say('And make it dark'))
  expect(calledNext.at(-1)).toBe('edit_file src/index.css')
  expect(calledNext).toContain('write_file src/App.tsx')
})

test('the answer to a question decides what is built', async () => {
  const builds = await Promise.all(
    ['Birthday', 'Ada\'s "farewell" {x}'].map(async (answer) => {
      const chat = new Chat(model.port)
      chat.project.answer = answer
      await chat.say('Build an invitation page')
      return contentOf(chat, 'src/event.ts')
    }),
  )
  expect(builds[0]).toContain("title: 'Forty, at last'")
  expect(builds[1]).toContain("title: 'Adas farewell x'")
})

test('an answer that reaches its limit goes on after it, and says nothing twice', async () => {
  const whole = new Chat(model.port)
  const expected = textOf(await whole.say('Rehearse a long answer'))
  const chat = new Chat(model.port)
  chat.maxTokens = 4_000
  const turns = await chat.say('Rehearse a long answer')
  expect(turns.length).toBeGreaterThan(3)
  expect(turns[0]!.stopReason).toBe('max_tokens')
  expect(
    turns
      .flatMap(({ content }) => content.map((block) => (block.type === 'text' ? block.text : '')))
      .join(''),
  ).toBe(expected)
})

test('however often its answers are cut, the same is said once and the same app is there in the end', async () => {
  const wishes = [
    'Build me a todo list',
    'Give tasks a due date',
    'Make it dark',
    'Undo that',
    'Rename it to Errands',
  ]
  const whole = new Chat(model.port)
  const said: string[] = []
  for (const wish of wishes) said.push(spoken(await whole.say(wish)))

  await fc.assert(
    fc.asyncProperty(fc.infiniteStream(fc.nat(1_000_000)), async (numbers) => {
      const chat = new Chat(model.port)
      chat.cut = (content) => cutAt(content, numbers.next().value!, numbers.next().value!)
      for (const [index, wish] of wishes.entries()) expect(spoken(await chat.say(wish))).toBe(said[index])
      expect(snapshot(chat)).toEqual(snapshot(whole))
    }),
    { numRuns: 20 },
  )
}, 60_000)

const spoken = (turns: Turn[]) => textOf(turns).replace(/\s+/g, '')

/** Every other answer loses its end: some whole blocks stay, and of a text its beginning. */
function cutAt(content: Turn['content'], one: number, other: number): Turn['content'] {
  if (one % 2) return content
  const kept = content.slice(0, one % (content.length + 1))
  const next = content[kept.length]
  if (next?.type !== 'text') return kept
  const text = next.text.slice(0, other % next.text.length)
  return text.trim() ? [...kept, { ...next, text }] : kept
}

test('the long answer has 45 KB of Markdown', async () => {
  const text = textOf(await new Chat(model.port).say('Rehearse a long answer'))
  expect(text.length).toBeGreaterThan(45_000)
  expect(text.match(/^```/gm)!.length % 2).toBe(0)
})

test('a run that is stuck tries the same thing again, and then says so', async () => {
  const turns = await new Chat(model.port).say('Rehearse getting stuck')
  expect(callsOf(turns).slice(0, 2)).toEqual(['read_file data/export.json', 'read_file data/export.json'])
  expect(textOf(turns)).toContain('I am stuck.')
})

test('a mistake in the first version is mended when the build error comes back, from a person or from Baton', async () => {
  for (const report of [
    'It does not build',
    '[Baton] The preview does not build: src/forecast.tsx:30:5: error: Unexpected closing tag "li" does not match "span"',
    "[Baton] The preview of what you wrote could not be built, so people still see the one before.\n\nsrc/forecast.tsx:31:10\nExpected corresponding JSX closing tag for 'span'.",
  ]) {
    const chat = new Chat(model.port)
    await chat.say('Build a weather board')
    const broken = contentOf(chat, 'src/forecast.tsx')
    const calls = callsOf(await chat.say(report))
    expect(calls).toEqual(['read_file src/forecast.tsx', 'edit_file src/forecast.tsx'])
    const count = (text: string, tag: string) => text.split(tag).length
    expect(count(broken, '<span')).not.toBe(count(broken, '</span>'))
    expect(count(contentOf(chat, 'src/forecast.tsx'), '</span>')).toBe(count(broken, '</span>') + 1)
  }
})

test('after a compaction the work goes on where it was', async () => {
  const chat = new Chat(model.port)
  chat.add('user', [{ type: 'text', text: 'Build me a todo list' }])
  const first = await chat.ask()
  chat.add('assistant', first.content as never)
  const calls = first.content.filter((block) => block.type === 'tool_use')
  chat.add('user', await Promise.all(calls.map((call) => chat.result(call))))
  chat.add('user', [
    { type: 'text', text: '[Baton] This conversation is about to become too long for you to read.' },
  ])
  const summary = textOf([await chat.ask()])
  expect(summary).toContain('Build me a todo list')

  const next = new Chat(model.port, chat.project)
  const taken = `[Baton] The conversation became too long and begins anew here. So far:\n\n${summary}`
  const called = callsOf(await next.say(taken))
  expect(called).not.toContain('write_file src/index.css')
  expect(called).toContain('write_file src/App.tsx')
  expect(callsOf(await next.say('Add a button that clears the done tasks'))).toContain(
    'edit_file src/use-tasks.ts',
  )
})

const PLAYED = loadScripts(OUR_SCENARIOS)
  .flatMap(({ requests }) => requests)
  .filter(
    ({ kind, answers }) =>
      kind === 'other' &&
      answers.every(({ fault, breaks, tokensPerSecond }) => !fault && !breaks && !tokensPerSecond),
  )
  .filter(({ example }) => !/malformed|empty|refusal/.test(example))

test.for(PLAYED)('"$example" is played to its end', async ({ example, answers }) => {
  const chat = new Chat(model.port)
  const turns = await chat.say(example)
  const last = answers.at(-1)!.parts.at(-1)
  const words = last?.kind === 'say' ? last.text.replace('{{answer}}', chat.project.answer) : ''
  expect(textOf(turns)).toContain(words)
  expect(turns).toHaveLength(answers.length)
})

test('malformed input and unknown tools are got over', async () => {
  const turns = await new Chat(model.port).say('Rehearse an unknown tool')
  expect(textOf(turns)).toContain('There is no such tool')
  const failing = await new Chat(model.port).say('Rehearse a failing tool')
  expect(textOf(failing)).toContain('Two of the three have failed')
})

test('the same request has the same answer, whichever process gives it, and whatever was asked before', async () => {
  const config = throwawayConfig({ dataDir: '/nonexistent', databasePort: 0 })
  const other = await startModel({ config, log: createLog('model', () => {}), pace: 'instant' })
  const chat = await todoList()
  chat.add('user', [{ type: 'text', text: 'Give tasks a due date' }])
  const answers = await Promise.all(
    [model.port, other.port, model.port].map((port) => {
      const same = new Chat(port)
      same.messages.push(...chat.messages)
      return same.ask()
    }),
  )
  await other.stop()
  expect(answers[1]).toEqual(answers[0])
  expect(answers[2]).toEqual(answers[0])
})

test('tokens are counted by what is said, and what was sent before is read from the cache', async () => {
  const chat = new Chat(model.port)
  const [first, second] = await chat.say('Build me a todo list')
  expect(second!.usage.input_tokens).toBeGreaterThan(first!.usage.input_tokens)
  const written = first!.content.map((block) => JSON.stringify(block)).join('').length
  expect(first!.usage.output_tokens).toBeGreaterThan(written / 6)
  expect(first!.usage.output_tokens).toBeLessThan(written / 2)

  const last = chat.messages.findLast(({ role }) => role === 'user')!.content as { cache_control?: unknown }[]
  last.at(-1)!.cache_control = { type: 'ephemeral' }
  chat.messages.pop()
  const { usage } = await chat.ask()
  expect(usage.cache_read_input_tokens).toBeGreaterThan(1_000)
  expect(usage.cache_creation_input_tokens).toBeGreaterThan(0)
  expect(usage.input_tokens).toBeLessThan(usage.cache_read_input_tokens!)
})
