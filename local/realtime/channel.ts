/**
 * One topic on one socket.
 *
 * States: joining → entered → joined → closed, or to closed from any of them. Once entered it is in its room, but what it
 * hears waits for the reply to the join (`#early`), and that for the log to be seen by queries: so a client that reads its
 * rows after the reply misses nothing, neither in the rows nor on the channel. A refused join waits out its delay while
 * joining; a leave, a second join of the topic or the end of the socket closes it at once, and whatever was under way
 * finds it closed when it comes back from the database, and stops.
 *
 * Order: what the client sends is dealt with in its order (`Mailbox`). The reply, the replay and what was heard early
 * go out in one turn, so nothing can come between.
 *
 * Rights: reading is asked at the join and again with a new token; writing when it is first needed. Answers are kept until
 * then, as on hosted Supabase: who is removed keeps reading until the token is renewed.
 */
import { type Applicant, admit, askerOf } from './admission.ts'
import { type Extension, type ReadRights, Unanswered } from './authorize.ts'
import { describeOutage } from './database.ts'
import { contentOf, fieldsOf, isMap } from './incoming.ts'
import { type JoinConfig, parseJoin } from './join-config.ts'
import { Mailbox } from './mailbox.ts'
import { type Replayed, type ReplayRequest, replay } from './messages.ts'
import { Broadcast, encodeJson, encodeMessage, type Frame, type Incoming, type Ref } from './protocol.ts'
import { Refusal } from './refusal.ts'
import { type Member, type Room, topicOf } from './rooms.ts'
import type { Socket } from './socket.ts'
import { ChangesSubscription } from './subscription.ts'
import type { Claims } from './tokens.ts'
import type { World } from './world.ts'

const OVERHEAD_BYTES = 500

export class Channel implements Member {
  readonly #world: World
  readonly #applicant: Applicant
  readonly #socket: Socket
  readonly #name: string
  readonly #joinRef: Ref
  readonly #config: JoinConfig
  readonly #mailbox: Mailbox
  readonly #subscription: ChangesSubscription
  readonly #replayed = new Set<string>()
  #state: 'joining' | 'entered' | 'joined' | 'closed' = 'joining'
  #early: { frame: Frame; id: string | null }[] = []
  #token: string
  #claims: Claims | null = null
  #room: Room | null = null
  #reads: ReadRights = { broadcast: true, presence: true }
  #writes: Partial<Record<Extension, boolean>> = {}
  #presenceEnabled: boolean
  #presenceCalls = { count: 0, resetAt: 0 }
  #timers = new Set<NodeJS.Timeout>()

  constructor(world: World, socket: Socket, join: Incoming) {
    this.#world = world
    this.#socket = socket
    this.#name = join.topic.slice(topicOf('').length)
    this.#joinRef = join.joinRef ?? join.ref
    this.#config = parseJoin(join.payload.kind === 'json' ? join.payload.value : null)
    this.#token = this.#config.accessToken ?? socket.token
    this.#applicant = { name: this.#name, config: this.#config, token: this.#token, socket }
    this.#presenceEnabled = this.#config.presence.enabled
    this.#mailbox = new Mailbox((change) => socket.countWaiting(change))
    this.#subscription = new ChangesSubscription(world, this.#config.postgresChanges, {
      tell: (ids, data) => this.#tellChange(ids, data),
      notice: (status, message) => this.#pushSystem('postgres_changes', status, message),
    })
    this.#mailbox.post(() => this.#join(join))
  }

  get vsn() {
    return this.#socket.vsn
  }
  get hearsBroadcasts() {
    return this.#reads.broadcast
  }
  get seesPresence() {
    return this.#presenceEnabled && this.#reads.presence
  }
  get joinRef() {
    return this.#joinRef
  }

  wasReplayed(id: string): boolean {
    return this.#replayed.has(id)
  }

  send(frame: Frame, id: string | null = null): void {
    if (this.#state === 'entered') this.#early.push({ frame, id })
    else this.#socket.send(frame)
  }

  receive(message: Incoming): void {
    if (this.#state !== 'joined' && message.event === 'phx_leave') this.#leave(message)
    else this.#mailbox.post(() => this.#guard(message))
  }

  /** Without a word: the socket is gone, or the topic was joined again. */
  dispose(): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    for (const timer of this.#timers) clearTimeout(timer)
    this.#mailbox.clear()
    this.#subscription.end()
    this.#exit()
  }

  #exit(): void {
    if (!this.#room) return
    this.#world.counters.channels--
    this.#world.rooms.leave(this.#room, this)
    this.#room = null
  }

  // Joining

  async #join(join: Incoming): Promise<void> {
    try {
      await this.#admit(join)
    } catch (error) {
      if (this.#state !== 'closed') this.#refuse(join, error)
    }
  }

  async #admit(join: Incoming): Promise<void> {
    const { claims, rights, replay: wanted } = await admit(this.#world, this.#applicant)
    if (this.#hasEnded()) return
    this.#enter(claims, rights)
    await this.#world.replication.whenVisible()
    const replayed = wanted ? await this.#findReplayed(wanted) : []
    if (this.#hasEnded()) return
    this.#state = 'joined'
    this.#reply(join, 'ok', { postgres_changes: this.#subscription.echo() })
    this.#welcome(replayed)
  }

  #hasEnded(): boolean {
    return this.#state === 'closed'
  }

  #findReplayed(request: ReplayRequest): Promise<Replayed[]> {
    return replay(this.#world.sql, this.#name, request).catch((error: unknown) => {
      throw new Refusal('UnableToReplayMessages: Realtime was unable to replay messages', { cause: error })
    })
  }

  #enter(claims: Claims, rights: ReadRights): void {
    this.#claims = claims
    this.#reads = rights
    this.#state = 'entered'
    this.#room = this.#world.rooms.enter(this.#name, this.#config.isPrivate, this)
    this.#world.counters.channels++
    this.#checkTokenLater(claims)
    if (this.seesPresence) this.#room.showPresence(this)
    if (rights.broadcast) this.#sendHeld()
  }

  #welcome(replayed: Replayed[]): void {
    for (const { id, content } of replayed) this.#sendReplayed(id, content)
    for (const { frame, id } of this.#early) if (id === null || !this.#replayed.has(id)) this.send(frame)
    this.#early = []
    if (this.#config.broadcast.replicationReady) void this.#announceReplication()
    this.#subscription.begin(this.#claims!)
  }

  #sendReplayed(id: string, content: Replayed['content']): void {
    this.#replayed.add(id)
    const meta = { replayed: true as const, id }
    const frame = new Broadcast(topicOf(this.#name), { ...content, meta }).frame(this.vsn)
    if (frame) this.send(frame)
  }

  #sendHeld(): void {
    for (const { topic, isPrivate, broadcast } of this.#world.held.all(Date.now())) {
      if (topic !== this.#name || isPrivate !== this.#config.isPrivate) continue
      const frame = broadcast.frame(this.vsn)
      if (frame) this.send(frame, broadcast.id)
    }
  }

  async #announceReplication(): Promise<void> {
    const { replication, settings } = this.#world
    const isReady = await replication.whenStreaming(settings.replicationReadyTimeoutMs)
    if (this.#state === 'closed') return
    if (isReady) this.#pushSystem('system', 'ok', 'Replication connection established')
    else this.#shutDown('Replication connection was not established in time')
  }

  #refuse(join: Incoming, error: unknown): void {
    const isExpected = error instanceof Refusal || error instanceof Unanswered
    const reason = isExpected ? error.message : (describeOutage(error) ?? 'Unknown Error on Channel')
    this.#exit()
    this.#state = 'joining'
    this.#world.counters.refusedJoins++
    this.#world.log.warn('refused a join', { topic: this.#name, reason, ...(isExpected ? {} : { error }) })
    this.#after(this.#world.settings.joinErrorDelayMs, () => {
      this.#reply(join, 'error', { reason })
      this.#socket.forget(this)
      this.dispose()
      if (error instanceof Refusal && error.disconnects) this.#socket.close(1008, reason)
    })
  }

  // Messages of the client

  async #crash(message: Incoming, error: unknown): Promise<void> {
    if (this.#state === 'closed') return
    const { log } = this.#world
    if (error instanceof Unanswered) {
      log.warn('the database could not be asked for a right', { topic: this.#name, error })
      if (message.event === 'presence') this.#reply(message, 'error', {})
      else if (message.event === 'access_token') this.#shutDown(error.message)
      return
    }
    log.error('a channel failed', { topic: this.#name, event: message.event, error })
    this.#push('phx_error', {})
    this.#socket.forget(this)
    this.dispose()
  }

  #guard(message: Incoming): void | Promise<void> {
    if (this.#state !== 'joined') return
    try {
      return this.#handle(message)?.catch((error: unknown) => this.#crash(message, error))
    } catch (error) {
      return this.#crash(message, error)
    }
  }

  #handle(message: Incoming): void | Promise<void> {
    switch (message.event) {
      case 'broadcast':
        return this.#receiveBroadcast(message)
      case 'presence':
        return this.#receivePresence(message)
      case 'access_token':
        return this.#receiveToken(message)
      case 'phx_leave':
        return this.#leave(message)
    }
  }

  #receiveBroadcast(message: Incoming): void | Promise<void> {
    if (!this.#countEvents(1)) return this.#shutDown('Too many messages per second')
    const allowed = this.#mayWrite('broadcast')
    if (typeof allowed === 'boolean') return this.#relay(message, allowed)
    return allowed.then((answer) => this.#relay(message, answer))
  }

  #countEvents(count: number): boolean {
    const now = Date.now()
    return this.#socket.countEvent(now) && this.#world.rates.events.add(count, now)
  }

  #mayWrite(extension: Extension): boolean | Promise<boolean> {
    if (!this.#config.isPrivate) return true
    const known = this.#writes[extension]
    if (known !== undefined) return known
    return this.#world.authorizer
      .mayWrite(askerOf(this.#applicant, this.#claims!), extension)
      .then((allowed) => {
        this.#writes[extension] = allowed
        return allowed
      })
  }

  #relay(message: Incoming, allowed: boolean): void {
    if (!allowed || this.#state !== 'joined') return
    const { ack, self } = this.#config.broadcast
    const content = contentOf(message)
    const isTooLarge = message.size > this.#world.settings.maxPayloadBytes + OVERHEAD_BYTES
    if (content && !isTooLarge) {
      const broadcast = new Broadcast(topicOf(this.#name), content)
      const count = this.#room!.broadcast(broadcast, self ? null : this)
      this.#world.counters.deliver(count)
      if (!this.#socket.countDeliveries(count)) this.#shutDown('Too many messages per second')
    }
    if (!ack || this.#state !== 'joined') return
    if (isTooLarge) this.#reply(message, 'error', { reason: 'payload_size_exceeded' })
    else if (content) this.#reply(message, 'ok', {})
    else this.#reply(message, 'error', { reason: 'The payload of a broadcast must be a map' })
  }

  #receivePresence(message: Incoming): void | Promise<void> {
    const { event, payload } = fieldsOf(message)
    if (typeof event !== 'string') return this.#reply(message, 'ok', {})
    if (!this.#countPresenceCall()) return this.#shutDown('Client presence rate limit exceeded')
    switch (event.toLowerCase()) {
      case 'track':
        return this.#track(message, payload ?? {})
      case 'untrack':
        if (this.#room!.presence.untrack(this)) this.#room!.presenceChanged()
        return this.#reply(message, 'ok', {})
      default:
        return this.#reply(message, 'error', {})
    }
  }

  #countPresenceCall(): boolean {
    const { presenceCalls, presenceCallsWindowMs } = this.#world.settings
    const now = Date.now()
    if (now > this.#presenceCalls.resetAt) {
      this.#presenceCalls = { count: 0, resetAt: now + presenceCallsWindowMs }
    }
    return ++this.#presenceCalls.count <= presenceCalls
  }

  async #track(message: Incoming, payload: unknown): Promise<void> {
    if (!(await this.#mayWrite('presence'))) return this.#reply(message, 'error', {})
    await this.#enablePresence()
    if (this.#state !== 'joined') return
    if (!isMap(payload)) {
      return this.#reply(message, 'error', { reason: 'Presence track payload must be a map' })
    }
    if (message.size > this.#world.settings.maxPayloadBytes + OVERHEAD_BYTES) {
      return this.#shutDown('Track message size exceeded')
    }
    if (!this.#world.rates.presence.add(1, Date.now())) {
      return this.#shutDown('Too many presence messages per second')
    }
    const room = this.#room!
    if (room.presence.track(this, this.#config.presence.key, payload)) room.presenceChanged()
    this.#reply(message, 'ok', {})
  }

  /** Whoever tracks takes part, also when the join did not say so; the state of before is not sent. */
  async #enablePresence(): Promise<void> {
    if (this.#presenceEnabled) return
    if (this.#config.isPrivate) {
      const { presence } = await this.#world.authorizer.mayRead(askerOf(this.#applicant, this.#claims!), true)
      this.#reads = { ...this.#reads, presence }
    }
    this.#presenceEnabled = true
  }

  #leave(message: Incoming): void {
    this.#reply(message, 'ok', {})
    this.#close()
  }

  // Tokens

  async #receiveToken(message: Incoming): Promise<void> {
    const token = fieldsOf(message).access_token
    if (typeof token !== 'string' || token.startsWith('sb_') || token === this.#token) return
    this.#token = token
    const verdict = await this.#world.tokens.verify(token)
    if (!verdict.ok) return this.#shutDown(verdict.message)
    if (this.#state !== 'joined') return
    const before = this.#reads
    this.#writes = {}
    this.#claims = verdict.claims
    if (this.#config.isPrivate) {
      const rights = await this.#world.authorizer.mayRead(
        askerOf(this.#applicant, verdict.claims),
        this.#presenceEnabled,
      )
      if (this.#state !== 'joined') return
      if ((before.broadcast && !rights.broadcast) || (before.presence && !rights.presence)) {
        return this.#shutDown(`You no longer have permission to read from this Channel topic: ${this.#name}`)
      }
      this.#reads = rights
    }
    this.#checkTokenLater(verdict.claims)
    this.#subscription.begin(verdict.claims)
  }

  #checkTokenLater(claims: Claims): void {
    const untilExpiry = Math.max(0, claims.exp * 1000 - Date.now())
    const pause = Math.min(this.#world.settings.tokenRecheckMs, untilExpiry)
    this.#after(pause, () => this.#mailbox.post(() => this.#checkToken(claims)))
  }

  async #checkToken(claims: Claims): Promise<void> {
    if (this.#state !== 'joined' || claims !== this.#claims) return
    const expiredSeconds = Math.floor(Date.now() / 1000) - claims.exp
    if (expiredSeconds >= 0) this.#shutDown(`Token has expired ${expiredSeconds} seconds ago`)
    else this.#checkTokenLater(claims)
  }

  // Sending

  #tellChange(ids: number[], data: string): void {
    const head = { joinRef: null, ref: null, topic: topicOf(this.#name), event: 'postgres_changes' }
    this.#world.counters.deliver(1)
    this.send(encodeJson(this.vsn, head, `{"ids":${JSON.stringify(ids)},"data":${data}}`))
  }

  #reply(message: Incoming, status: 'ok' | 'error', response: unknown): void {
    const { ref, topic } = message
    const payload = { status, response }
    const reply = { joinRef: this.#joinRef, ref, topic, event: 'phx_reply', payload }
    this.#socket.send(encodeMessage(this.vsn, reply))
  }

  #push(event: string, payload: unknown): void {
    const isEnd = event === 'phx_close' || event === 'phx_error'
    const ref = isEnd ? this.#joinRef : null
    const topic = topicOf(this.#name)
    this.#socket.send(encodeMessage(this.vsn, { joinRef: this.#joinRef, ref, topic, event, payload }))
  }

  #pushSystem(extension: 'system' | 'postgres_changes', status: 'ok' | 'error', message: string): void {
    if (this.#state === 'joined') this.#push('system', { extension, status, message, channel: this.#name })
  }

  #shutDown(reason: string): void {
    if (this.#state !== 'joined') return
    this.#world.log.warn('closed a channel', { topic: this.#name, reason })
    this.#pushSystem('system', 'error', reason)
    this.#close()
  }

  #close(): void {
    this.#push('phx_close', {})
    this.#socket.forget(this)
    this.dispose()
  }

  #after(pauseMs: number, task: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      task()
    }, pauseMs)
    this.#timers.add(timer)
  }
}
