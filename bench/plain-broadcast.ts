/** The reference of `fan-out.ts`: a server that hands each message of its parent to every socket, and knows nothing else. */
import { WebSocket, WebSocketServer } from 'ws'

const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
server.once('listening', () => process.send?.({ port: (server.address() as { port: number }).port }))
process.on('message', (text: string) => {
  for (const socket of server.clients) if (socket.readyState === WebSocket.OPEN) socket.send(text)
})
process.once('disconnect', () => process.exit())
