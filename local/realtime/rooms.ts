/**
 * Who is joined where. A public and a private room of one name are different rooms. What is sent to a room is encoded
 * once per protocol version and handed to each member in turn: a thousand members cost a thousand writes.
 */
import { Presence } from './presence.ts'
import { type Broadcast, encodeJson, encodeMessage, type Frame, type Vsn } from './protocol.ts'

export type Member = {
  readonly vsn: Vsn
  readonly hearsBroadcasts: boolean
  readonly seesPresence: boolean
  wasReplayed(id: string): boolean
  /** With the id of the message, where it has one. */
  send(frame: Frame, id?: string | null): void
}

export const topicOf = (name: string) => `realtime:${name}`

export class Room {
  readonly name: string
  readonly isPrivate: boolean
  readonly members = new Set<Member>()
  readonly presence = new Presence<Member>()
  readonly #diffMs: number
  #timer: NodeJS.Timeout | null = null

  constructor(name: string, isPrivate: boolean, diffMs: number) {
    this.name = name
    this.isPrivate = isPrivate
    this.#diffMs = diffMs
  }

  /** How many members it was handed to. */
  broadcast(broadcast: Broadcast, except: Member | null = null): number {
    const { id } = broadcast
    let count = 0
    for (const member of this.members) {
      if (member === except || !member.hearsBroadcasts) continue
      if (id !== null && member.wasReplayed(id)) continue
      const frame = broadcast.frame(member.vsn)
      if (!frame) continue
      member.send(frame, id)
      count++
    }
    return count
  }

  showPresence(member: Member): void {
    const head = { joinRef: null, ref: null, topic: topicOf(this.name), event: 'presence_state' }
    member.send(encodeJson(member.vsn, head, this.presence.snapshot()))
  }

  presenceChanged(): void {
    this.#timer ??= setTimeout(() => this.#sendDiff(), this.#diffMs)
  }

  dispose(): void {
    if (this.#timer) clearTimeout(this.#timer)
  }

  #sendDiff(): void {
    this.#timer = null
    const payload = this.presence.flush()
    if (!payload) return
    const message = {
      joinRef: null,
      ref: null,
      topic: topicOf(this.name),
      event: 'presence_diff',
      payload,
    }
    const frames = new Map<Vsn, Frame>()
    for (const member of this.members) {
      if (!member.seesPresence) continue
      const frame = frames.get(member.vsn) ?? encodeMessage(member.vsn, message)
      frames.set(member.vsn, frame)
      member.send(frame)
    }
  }
}

export class Rooms {
  readonly #rooms = new Map<string, Room>()
  readonly #diffMs: number

  constructor(presenceDiffMs: number) {
    this.#diffMs = presenceDiffMs
  }

  find(name: string, isPrivate: boolean): Room | undefined {
    return this.#rooms.get(keyOf(name, isPrivate))
  }

  enter(name: string, isPrivate: boolean, member: Member): Room {
    const key = keyOf(name, isPrivate)
    const room = this.#rooms.get(key) ?? new Room(name, isPrivate, this.#diffMs)
    this.#rooms.set(key, room)
    room.members.add(member)
    return room
  }

  leave(room: Room, member: Member): void {
    room.members.delete(member)
    if (room.presence.untrack(member)) room.presenceChanged()
    if (room.members.size > 0) return
    room.dispose()
    this.#rooms.delete(keyOf(room.name, room.isPrivate))
  }
}

const keyOf = (name: string, isPrivate: boolean) => `${isPrivate ? 'private' : 'public'} ${name}`
