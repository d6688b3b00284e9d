/** What every socket and channel shares. */
import type postgres from 'postgres'
import type { Log } from '../log.ts'
import type { Authorizer } from './authorize.ts'
import type { Changes } from './changes.ts'
import type { Held } from './held.ts'
import type { DatabaseMessage } from './messages.ts'
import type { RateWindow } from './rate-window.ts'
import type { Replication } from './replication.ts'
import type { Rooms } from './rooms.ts'
import type { Settings } from './settings.ts'
import type { Counters } from './stats.ts'
import type { Tokens } from './tokens.ts'

export type World = {
  settings: Settings
  log: Log
  sql: postgres.Sql
  tokens: Tokens
  authorizer: Authorizer
  rooms: Rooms
  changes: Changes
  replication: Replication
  held: Held<DatabaseMessage>
  counters: Counters
  rates: { joins: RateWindow; events: RateWindow; presence: RateWindow }
  isStopping: boolean
}
