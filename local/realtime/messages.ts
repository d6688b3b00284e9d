/** Rows of realtime.messages on their way to a room, and those of the past for who asks for a replay. */
import type postgres from 'postgres'
import { Broadcast, type BroadcastContent } from './protocol.ts'
import { topicOf } from './rooms.ts'

export type DatabaseMessage = { topic: string; isPrivate: boolean; broadcast: Broadcast; bytes: number }

const MAX_REPLAYED = 25

/** Null for a row that is no broadcast. */
export function toDatabaseMessage(row: Record<string, string | null>): DatabaseMessage | null {
  const { topic, event, id } = row
  if (!topic || !id || event === null || event === undefined || row.extension !== 'broadcast') return null
  const content = contentOf(row.payload ?? null, row.binary_payload ?? null)
  if (!content) return null
  const broadcast = new Broadcast(topicOf(topic), { form: 'user', event, ...content, meta: { id } })
  return { topic, isPrivate: row.private === 't', broadcast, bytes: content.bytes.length }
}

function contentOf(payload: string | null, binary: string | null) {
  if (payload !== null) return { encoding: 'json', bytes: Buffer.from(payload) } as const
  if (binary === null) return null
  return { encoding: 'raw', bytes: Buffer.from(binary.replace(/^\\x/, ''), 'hex') } as const
}

export type ReplayRequest = { since: number; limit: number }

export function parseReplay(value: unknown): ReplayRequest | null {
  const { since, limit = MAX_REPLAYED } = (value ?? {}) as { since?: unknown; limit?: unknown }
  if (!Number.isInteger(since) || !Number.isInteger(limit)) return null
  return { since: since as number, limit: Math.max(1, Math.min(limit as number, MAX_REPLAYED)) }
}

export type Replayed = { id: string; content: Extract<BroadcastContent, { form: 'user' }> }

/** The newest ones, oldest first. */
export async function replay(sql: postgres.Sql, topic: string, request: ReplayRequest): Promise<Replayed[]> {
  const rows = await sql<{ id: string; event: string; payload: string | null; binary: string | null }[]>`
    select id, event, payload::text as payload, binary_payload::text as binary from realtime.messages
    where topic = ${topic} and private and extension = 'broadcast' and event is not null
      and inserted_at >= to_timestamp(${request.since}::float8 / 1000) at time zone 'utc'
    order by inserted_at desc limit ${request.limit}`
  return rows.reverse().flatMap(({ id, event, payload, binary }) => {
    const content = contentOf(payload, binary)
    return content ? [{ id, content: { form: 'user' as const, event, ...content } }] : []
  })
}
