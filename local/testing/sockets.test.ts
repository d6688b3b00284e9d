/** Sockets between gateway and realtime, each a process of its own that may die. */
import { connect } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { createTestDatabase, type TestDatabase } from './database.ts'
import { type RunningParts, startParts } from './parts.ts'

let database: TestDatabase
let parts: RunningParts
const sockets: WebSocket[] = []

beforeAll(async () => {
  database = await createTestDatabase()
  parts = await startParts(database.config, ['realtime', 'gateway'])
})
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.terminate()
})
afterAll(async () => {
  await parts?.[Symbol.asyncDispose]()
  await database?.[Symbol.asyncDispose]()
})

const path = () => `/realtime/v1/websocket?vsn=1.0.0&apikey=${parts.config.keys.publishable}`

/** Open, or the words with which it was refused. */
function open(): Promise<WebSocket | string> {
  const socket = new WebSocket(`ws://127.0.0.1:${parts.config.ports.api}${path()}`)
  sockets.push(socket)
  return new Promise((settle) => {
    socket.once('open', () => settle(socket)).once('error', (error) => settle(error.message))
  })
}

async function opened(): Promise<WebSocket> {
  const socket = await open()
  if (typeof socket === 'string') throw new Error(socket)
  return socket
}

function beats(socket: WebSocket): Promise<string> {
  const answer = new Promise<string>((settle) => socket.once('message', (data) => settle(String(data))))
  socket.send(JSON.stringify({ topic: 'phoenix', event: 'heartbeat', payload: {}, ref: '1' }))
  return answer
}

/** Asks for a socket and is gone before the answer, with a reset. */
const leave = () =>
  new Promise<void>((settle) => {
    const socket = connect(parts.config.ports.api, '127.0.0.1', () => {
      const head = `GET ${path()} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n`
      socket.write(head, () => settle(void socket.resetAndDestroy()))
    })
  })

const died = (pid: number, name: 'gateway' | 'realtime') =>
  expect.poll(() => parts.part(name).pid, { timeout: 20_000 }).not.toBe(pid)

function kill(name: 'gateway' | 'realtime'): Promise<void> {
  const pid = parts.part(name).pid!
  process.kill(pid, 'SIGKILL')
  return died(pid, name)
}

test('what is open outlives the gateway, and whoever comes afterwards gets in', async () => {
  const socket = await opened()
  await kill('gateway')
  expect(await beats(socket)).toContain('"status":"ok"')
  await expect.poll(open, { timeout: 20_000 }).toBeInstanceOf(WebSocket)
})

test('it is closed with realtime, and who comes while that is down is told which part it is', async () => {
  const socket = await opened()
  const closed = new Promise((settle) => socket.once('close', settle))
  const isBack = kill('realtime')
  await closed
  await Promise.all(Array.from({ length: 50 }, leave))
  expect(await open()).toContain('503')
  await isBack
  await expect.poll(open, { timeout: 20_000 }).toBeInstanceOf(WebSocket)
})

test('many come at once, with some among them who leave before they are answered', async () => {
  const comers = Array.from({ length: 200 }, (_, at) => (at % 4 === 0 ? leave().then(() => null) : opened()))
  const stayed = (await Promise.all(comers)).filter((socket) => socket !== null)
  const answers = await Promise.all(stayed.map(beats))
  expect(answers.every((answer) => answer.includes('"status":"ok"'))).toBe(true)
  const left = async () => {
    const text = await (await fetch(`http://127.0.0.1:${parts.config.internal.realtime}/metrics`)).text()
    return /^realtime_sockets (\d+)/m.exec(text)?.[1]
  }
  for (const socket of stayed) socket.terminate()
  await expect.poll(left, { timeout: 20_000 }).toBe('0')
})
