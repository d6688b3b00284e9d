/** Stands between the agent and the database, so that a test can shut it in the face of one, at a moment of its choice. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export type Door = {
  url: string
  /** Ends all connections; returns when whoever had them knows. */
  shut(): Promise<void>
  /** Turns the next one that comes away, as Postgres does while it starts; returns when it has gone. */
  turnAwayNext(): Promise<void>
  close(): Promise<void>
}

const STARTING_UP = errorResponse({ S: 'FATAL', C: '57P03', M: 'the database system is starting up' })

function errorResponse(fields: Record<string, string>): Buffer {
  const body = `${Object.entries(fields)
    .map(([name, value]) => `${name}${value}\0`)
    .join('')}\0`
  const length = Buffer.alloc(4)
  length.writeInt32BE(4 + Buffer.byteLength(body))
  return Buffer.concat([Buffer.from('E'), length, Buffer.from(body)])
}

export async function openDoor(databaseUrl: string): Promise<Door> {
  const behind = new URL(databaseUrl)
  const guests = new Set<Socket>()
  let turnedAway: (() => void) | undefined
  const server = createServer((guest) => {
    guest.on('error', () => {})
    if (turnedAway) {
      guest.once('data', () => guest.end(STARTING_UP)).once('close', turnedAway)
      turnedAway = undefined
      return
    }
    guests.add(guest)
    const database = connect(Number(behind.port), behind.hostname)
    database.on('error', () => guest.destroy())
    guest.on('close', () => {
      guests.delete(guest)
      database.destroy()
    })
    database.pipe(guest, { end: false }).pipe(database)
    database.on('close', () => guest.end())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')

  const before = new URL(databaseUrl)
  before.host = `127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    url: before.href,
    async shut() {
      const gone = [...guests].map((guest) => once(guest, 'close'))
      for (const guest of guests) guest.end()
      await Promise.all(gone)
    },
    turnAwayNext: () =>
      new Promise((settle) => {
        turnedAway = settle
      }),
    async close() {
      server.close()
      for (const guest of guests) guest.destroy()
    },
  }
}
