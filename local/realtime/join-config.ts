/** The payload of `phx_join`, read leniently: what is malformed counts as left out. */
import { randomUUID } from 'node:crypto'
import { isMap } from './incoming.ts'

export type JoinConfig = {
  accessToken: string | null
  isPrivate: boolean
  broadcast: { ack: boolean; self: boolean; replicationReady: boolean; replay: unknown }
  presence: { key: string; enabled: boolean }
  postgresChanges: Record<string, unknown>[]
}

type Fields = Record<string, unknown>

export function parseJoin(payload: unknown): JoinConfig {
  const { config, access_token, user_token } = asFields(payload)
  const { broadcast, presence, postgres_changes, private: isPrivate } = asFields(config)
  const { ack, self, replication_ready, replay } = asFields(broadcast)
  const { key, enabled } = asFields(presence)
  return {
    accessToken: asToken(user_token) ?? asToken(access_token),
    isPrivate: asBoolean(isPrivate),
    broadcast: {
      ack: asBoolean(ack),
      self: asBoolean(self),
      replicationReady: asBoolean(replication_ready),
      replay,
    },
    presence: {
      key: typeof key === 'string' && key !== '' ? key : randomUUID(),
      enabled: asBoolean(enabled),
    },
    postgresChanges: Array.isArray(postgres_changes) ? postgres_changes.filter(isMap) : [],
  }
}

/** Keys are no tokens: the one of the connection counts. */
function asToken(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && !value.startsWith('sb_') ? value : null
}

const asBoolean = (value: unknown) => value === true || value === 'true'
const asFields = (value: unknown): Fields => (isMap(value) ? value : {})
