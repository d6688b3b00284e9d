/** `GET /health`: 200 while builds can be looked for, 503 with the reason when not. */
import { createServer } from 'node:http'

export type Health = {
  fault: string | null
  projects: number
  building: number
  workers: (number | undefined)[]
}

export async function serveHealth(port: number | undefined, look: () => Health): Promise<{ close(): void }> {
  if (port === undefined) return { close() {} }
  const server = createServer((request, response) => {
    const isHealth = request.url === '/health'
    const health = look()
    const status = isHealth ? (health.fault === null ? 200 : 503) : 404
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    response.end(JSON.stringify(isHealth ? health : { message: 'There is /health here, and nothing else.' }))
  })
  await new Promise<void>((settle, fail) => {
    server.once('error', fail)
    server.listen(port, '127.0.0.1', settle)
  })
  return server
}
