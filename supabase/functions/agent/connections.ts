/**
 * A few connections, shared by all runs of this process. What one run writes goes through one connection, in the order
 * in which it was written and without waiting for answers in between; so an append cannot overtake the opening of its
 * entry, and a result is committed before the edit that follows reads it.
 */
import postgres from 'postgres'

const MOST = 4

export type Connection = { sql: postgres.Sql; release(): void }
export type Connections = { take(): Connection; close(): Promise<void> }

export function openConnections(url: string): Connections {
  const pools: { sql: postgres.Sql; users: number }[] = []

  const leastUsed = () => {
    const free = pools.find(({ users }) => users === 0)
    if (free) return free
    if (pools.length < MOST) {
      const pool = { sql: connect(url), users: 0 }
      pools.push(pool)
      return pool
    }
    return pools.reduce((one, other) => (other.users < one.users ? other : one))
  }

  return {
    take() {
      const pool = leastUsed()
      pool.users++
      return {
        sql: pool.sql,
        release() {
          pool.users--
        },
      }
    },
    async close() {
      await Promise.all(pools.map(({ sql }) => sql.end({ timeout: 1 })))
    },
  }
}

const connect = (url: string) =>
  postgres(url, {
    max: 1,
    idle_timeout: 30,
    connect_timeout: 10,
    backoff: () => 0.25,
    onnotice: () => {},
    connection: { application_name: 'baton agent', statement_timeout: 30_000 },
  })
