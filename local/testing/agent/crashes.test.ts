/** The process of the agent dies at a named point, or its time runs out; whoever takes over must leave no trace of that. */
import { afterEach, expect, test } from 'vitest'
import { eventually } from '../eventually.ts'
import { type AgentWorld, startAgentWorld, type TestChat } from './agent-world.ts'
import type { Answer, Say } from './scripted-model.ts'

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
    select path from public.file_operations
    where project_id = ${chat.projectId} and version > (select count(*) from baton.template_files) order by path`
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
  await chat.reaches('completed')
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
  await chat.reaches('completed')
  await expectWholeStory(chat)
})

test.for([
  ['what is open', 'run_rows'],
  ['the conversation', 'read_history'],
] as const)(
  'a question that is answered just before %s is read is answered in both',
  {
    timeout: 40_000,
  },
  async ([, read]) => {
    const point = `before:${read}`
    world = await startAgentWorld({
      BATON_FAULTS_ALLOWED: '1',
      BATON_FAULTS: `${point}#2=freeze:2000`,
      BATON_LEASE_SECONDS: '30',
    })
    const chat = await world.chat()
    world.model.answer(
      (say) => {
        say.call('ask_user', { question: 'Which colour?', options: [{ label: 'Red' }, { label: 'Blue' }] })
        say.end('tool_use')
      },
      (say) => {
        say.text('Blue it is.')
        say.end()
      },
    )
    await chat.send('Paint it')
    await eventually(() => expect(world!.passages(point)).toBe(2))
    const [question] = await world.sql`select id from public.questions where chat_id = ${chat.id}`
    await chat.as((t) => t`select public.answer_question(${question!.id}, ${t.json({ choice: 'Blue' })})`)
    await chat.reaches('completed')
    expect((await chat.entries()).at(-1)?.text).toBe('Blue it is.')
  },
)

const INTERRUPTIONS: [string, (chat: TestChat) => Promise<unknown>][] = [
  ['is killed from outside', async () => process.kill(await world!.agentPid(), 'SIGKILL')],
  [
    'loses its lease to another',
    (chat) => world!.sql`
    with expired as (update public.runs set lease_expires_at = now() - interval '1 hour' where chat_id = ${chat.id} returning id)
    select public.claim_run(id, 'another', 1) from expired`,
  ],
]
test.for(INTERRUPTIONS)(
  'a worker that %s in mid-sentence is taken over from',
  { timeout: 40_000 },
  async ([, interrupt]) => {
    world = await startAgentWorld({ BATON_LEASE_SECONDS: '2' })
    const chat = await world.chat()
    world.model.answer(
      async (say) => {
        say.text('I write.')
        say.call('write_file', { path: 'a.txt', content: 'a\n' })
        say.open({ type: 'text', text: '' })
        say.grow({ type: 'text_delta', text: 'And now' })
        await eventually(async () => {
          const parts = await world!.sql`select 1 from public.entry_parts where text = 'And now'`
          expect([parts.length, await chat.file('a.txt')]).toEqual([1, 'a\n'])
        })
        await interrupt(chat)
      },
      ...Array(3).fill(author),
    )
    await chat.send('Two files, please')
    await chat.reaches('completed')
    await expectWholeStory(chat)
    expect((await chat.entries()).filter(({ text }) => text === 'And now')).toHaveLength(1)
  },
)

test('a connection to the database that is cut, again and again, loses nothing', {
  timeout: 40_000,
}, async () => {
  world = await startAgentWorld({ BATON_LEASE_SECONDS: '1' })
  const chat = await world.chat()
  const cut = () =>
    world!.sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'baton agent'`
  const troubled: Answer = async (say, request) => {
    await cut()
    say.text('Now then.')
    await cut()
    await author(say, request)
  }
  world.model.answer(...Array(3).fill(troubled), ...Array(5).fill(author))
  await chat.send('Two files, please')
  await chat.reaches('completed')
  await expectWholeStory(chat)
})

/** Says both sentences, or the one that is missing. */
const twoSentences: Answer = (say, request) => {
  for (const sentence of ['First.', 'Second.'])
    if (!JSON.stringify(request.messages).includes(sentence)) say.text(sentence)
  say.end()
}
const LOSSES: [string, (say: Say) => Promise<unknown>, Answer][] = [
  [
    'the first of two blocks',
    async (say) => {
      say.begin()
      await eventually(async () =>
        expect(await world!.sql`select from public.turns where usage is not null`).toHaveLength(1),
      )
    },
    twoSentences,
  ],
  [
    'the last of two blocks',
    async (say) => {
      say.text('First.')
      await eventually(async () =>
        expect(
          await world!.sql`select from public.entries where text = 'First.' and state = 'closed'`,
        ).toHaveLength(1),
      )
    },
    (say) => {
      say.text('Second.')
      say.end()
    },
  ],
]
test.for(LOSSES)(
  'an answer of which %s is lost with a connection is not taken for a whole one',
  {
    timeout: 40_000,
  },
  async ([, begin, goOn]) => {
    world = await startAgentWorld({ BATON_LEASE_SECONDS: '1' })
    const chat = await world.chat()
    world.model.answer(
      async (say, request) => {
        await begin(say)
        await world!.door.shut()
        const turnedAway = world!.door.turnAwayNext()
        await goOn(say, request)
        await turnedAway
      },
      ...Array(3).fill(twoSentences),
    )
    await chat.send('Two sentences, please')
    await chat.reaches('completed')
    const told = (await chat.entries()).filter(({ in_history, kind }) => in_history && kind === 'text')
    expect(told.map(({ text }) => text)).toEqual(['First.', 'Second.'])
  },
)

test('a worker that is told to leave hands over at once, and nobody waits for its lease', {
  timeout: 40_000,
}, async () => {
  world = await startAgentWorld({ BATON_LEASE_SECONDS: '600' })
  const chat = await world.chat()
  world.model.answer(
    async (say) => {
      say.open({ type: 'text', text: '' })
      say.grow({ type: 'text_delta', text: 'I begin' })
      await eventually(async () => {
        expect(await world!.sql`select 1 from public.entry_parts where text = 'I begin'`).toHaveLength(1)
      })
      process.kill(await world!.agentPid(), 'SIGTERM')
    },
    ...Array(3).fill(author),
  )
  await chat.send('Two files, please')
  await chat.reaches('completed')
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
  const run = await chat.reaches('completed')
  expect(run.lease_token).toBe('3')
  expect((await chat.entries()).map(({ kind, text }) => (kind === 'notice' ? kind : text))).toEqual([
    'Tell me',
    'It goes on and',
    'notice',
    ' on.',
  ])
})
