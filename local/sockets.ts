/**
 * A socket goes from one part to another by way of the launcher, so that whoever speaks over it owns it, and nobody stands
 * in between. It must be one whose other side waits for an answer, as before a WebSocket is open: bytes that come while
 * it is on its way are lost.
 */
import type { ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'
import type { PartName } from './part.ts'

/** The socket itself comes with it. `read` is what was read from it already, as base64. */
export type SocketMessage = { type: 'socket'; to: PartName; read: string }

export type GiveSocket = (to: PartName, socket: Socket, read: Buffer) => void
export type OnSocket = (listener: (socket: Socket) => void) => void

export const giveSocket: GiveSocket = (to, socket, read) =>
  sendSocket(process, { type: 'socket', to, read: read.toString('base64') }, socket)

/** The other process has a handle of its own then, and this one closes its. */
export function sendSocket(to: ChildProcess | NodeJS.Process, message: SocketMessage, socket: Socket): void {
  // A server that knows it would not close before the receiver says that the socket did.
  Object.assign(socket, { server: null })
  to.send?.(message, socket, {}, () => socket.destroy())
}

export const onSocket: OnSocket = (listener) => {
  process.on('message', (message: SocketMessage, socket: Socket | undefined) => {
    if (message.type !== 'socket' || !socket) return
    socket.unshift(Buffer.from(message.read, 'base64'))
    listener(socket)
  })
}
