/** What is recorded from a model can be rehearsed: here the rehearsal model itself stands for the real one. */
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLog } from '../log.ts'
import { throwawayConfig } from '../testing/throwaway.ts'
import { keepRecordings } from './recorder/keep.ts'
import { createRecordingProxy } from './recorder/proxy.ts'
import { startModel } from './start.ts'
import { Chat, callsOf, textOf } from './testing/chat.ts'

const folder = mkdtempSync(join(tmpdir(), 'baton-recorded-'))
const context = {
  config: throwawayConfig({ dataDir: '/nonexistent', databasePort: 0 }),
  log: createLog('model', () => {}),
  pace: 'instant',
}
let model: Awaited<ReturnType<typeof startModel>>
beforeAll(async () => {
  model = await startModel(context)
})
afterAll(async () => {
  await model.stop()
  rmSync(folder, { recursive: true })
})

async function recorder(dir: string, upstream = `http://127.0.0.1:${model.port}`) {
  const server = createRecordingProxy(upstream, keepRecordings(dir, 'recorded'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const stop = async () => {
    server.close()
    server.closeAllConnections()
  }
  return { port: (server.address() as AddressInfo).port, [Symbol.asyncDispose]: stop }
}

const contents = ({ project }: Chat) =>
  Object.fromEntries([...project.files].map(([path, { content }]) => [path, content]))

test('a recorded conversation is rehearsed with the same words, the same calls and the same files', async () => {
  const dir = join(folder, 'whole')
  const wishes = [
    'Build a kanban board',
    'Add coloured labels',
    'Rename it to Workshop',
    'Undo that',
    'Write a todo list instead',
  ]
  await using proxy = await recorder(dir)
  const real = new Chat(proxy.port)
  const told = []
  for (const wish of wishes) told.push(await real.say(wish))

  const rehearsal = await startModel({ ...context, scenariosDir: dir })
  const again = new Chat(rehearsal.port)
  for (const [index, wish] of wishes.entries()) {
    const turns = await again.say(wish)
    expect(textOf(turns)).toBe(textOf(told[index]!))
    expect(callsOf(turns)).toEqual(callsOf(told[index]!))
  }
  expect(contents(again)).toEqual(contents(real))
  expect(again.project.plan).toEqual(real.project.plan)
  await rehearsal.stop()
})

test('each conversation has a folder of its own, and no key is written into it', async () => {
  const dir = join(folder, 'two')
  await using proxy = await recorder(dir)
  await new Chat(proxy.port).say('Rehearse several tools')
  await new Chat(proxy.port).say('Rehearse thinking')
  const [first, second] = ['recorded', 'recorded-2'].map((name) =>
    readFileSync(join(dir, name, `${name}.script`), 'utf8'),
  )
  expect(first).toMatch(
    /^@app Recorded app\n\n@person Rehearse several tools\n@answer\n@say\nFirst one file,\n@write src\/one\.ts\n/,
  )
  expect(second).toMatch(/^@person Rehearse thinking\n@answer\n@think\n/)
  expect(`${first}${second}`).not.toContain('x-api-key')
})

test('an upstream that is gone is told as an error of the API', async () => {
  await using proxy = await recorder(join(folder, 'gone'), 'http://127.0.0.1:1')
  const response = await fetch(`http://127.0.0.1:${proxy.port}/v1/messages`, { method: 'POST', body: '{}' })
  expect(response.status).toBe(502)
  expect(await response.json()).toMatchObject({ type: 'error', error: { type: 'api_error' } })
})
