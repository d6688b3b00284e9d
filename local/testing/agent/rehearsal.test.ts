/** A whole app with the model that everybody has, from the first message to a change of it. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunningPart } from '../../part.ts'
import { startModel } from '../../rehearsal/start.ts'
import { silentLog, throwawayConfig } from '../throwaway.ts'
import { type AgentWorld, startAgentWorld } from './agent-world.ts'

let model: RunningPart & { port: number }
let world: AgentWorld
beforeAll(async () => {
  const config = throwawayConfig({ dataDir: '/nonexistent', databasePort: 0 })
  model = await startModel({ config, log: silentLog, pace: 'instant' })
  world = await startAgentWorld({}, { modelPort: model.port })
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
  await model.stop()
})

test('a todo list is built over several turns, and changed on request', async () => {
  const chat = await world.chat()
  await chat.send('Build me a todo list')
  await chat.reaches('completed')
  expect((await chat.calls()).filter(({ state }) => state !== 'complete')).toEqual([])
  expect(await chat.file('src/App.tsx')).toContain('AddTask')
  const [plan] = await world.sql`select items from public.plans where chat_id = ${chat.id}`
  expect(plan!.items.every(({ state }: { state: string }) => state === 'done')).toBe(true)

  await chat.send('Add a filter for open and done tasks')
  await chat.reaches('completed')
  expect((await chat.calls()).filter(({ state }) => state !== 'complete')).toEqual([])
  expect(await chat.file('src/App.tsx')).toContain('FilterBar')
  const checkpoints = await world.sql`select 1 from public.checkpoints where project_id = ${chat.projectId}`
  expect(checkpoints.length).toBeGreaterThan(2)
  expect(await world.unlikeReplays()).toEqual([])
})
