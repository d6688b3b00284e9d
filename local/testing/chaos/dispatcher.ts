/** Stands where the gateway stands: the ticker posts a wake, and the crew of that conversation is woken. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type postgres from 'postgres'
import type { Crew } from './crew.ts'

export type Dispatcher = {
  port: number
  serve(chatId: string, crew: Crew): void
  forget(chatId: string): void
  [Symbol.asyncDispose](): Promise<void>
}

export async function startDispatcher(sqlOf: () => postgres.Sql): Promise<Dispatcher> {
  const crews = new Map<string, Crew>()
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString()
    const isWoken = !incoming.url?.endsWith('/agent') || (await wake(body).catch(() => false))
    response.writeHead(isWoken ? 202 : 503).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')

  const wake = async (body: string): Promise<boolean> => {
    const { run_id } = JSON.parse(body) as { run_id: string }
    const [run] = await sqlOf()<{ chat_id: string }[]>`select chat_id from public.runs where id = ${run_id}`
    const crew = crews.get(run?.chat_id ?? '')
    return crew ? await crew.wake(body) : true
  }
  return {
    port: (server.address() as AddressInfo).port,
    serve: (chatId, crew) => void crews.set(chatId, crew),
    forget: (chatId) => void crews.delete(chatId),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}
