import type { QueryClient } from '@tanstack/react-query'
import type { BatonEvent } from '../../supabase/functions/_shared/protocol.ts'
import type { Random } from './backoff.ts'
import { type Clock, systemClock } from './clock.ts'
import { failureOf } from './failure.ts'
import type { Feed, FeedSpec, Sequenced } from './feed.ts'
import { createFold } from './fold.ts'
import { type Effect, INITIAL, type Input, type Timer } from './machine.ts'
import { isSameStatus, statusOf } from './status.ts'
import { step } from './step.ts'
import { browserSurroundings, type Surroundings } from './surroundings.ts'
import type { FeedTransport } from './transport.ts'

export type FeedDeps = {
  transport: FeedTransport
  queryClient: QueryClient
  surroundings?: Surroundings
  clock?: Clock
  random?: Random
}

/** As many as the table gives at once. */
const PAGE_SIZE = 1000
const PATIENCE = 15_000

/** Carries out what the machine says. Inputs that arise meanwhile wait their turn. */
export function openFeed<Snapshot extends Sequenced>(spec: FeedSpec<Snapshot>, deps: FeedDeps): Feed {
  const { transport, queryClient, surroundings = browserSurroundings } = deps
  const { clock = systemClock, random = Math.random } = deps
  const fold = createFold(spec, queryClient, clock, (cause) =>
    send({ type: 'applyFailed', failure: failureOf(cause) }),
  )
  const listeners = new Set<() => void>()
  const timers = new Map<Timer, () => void>()
  const inbox: Input<Snapshot>[] = []
  let machine = INITIAL
  let status = statusOf(machine)
  let isBusy = false
  let leave = () => {}
  let cancelRequest = () => {}

  function send(input: Input<Snapshot>) {
    inbox.push(input)
    if (isBusy) return
    isBusy = true
    for (let next = inbox.shift(); next; next = inbox.shift()) advance(next)
    isBusy = false
    announce()
  }

  function advance(input: Input<Snapshot>) {
    const next = step(machine, input, random)
    machine = next.state
    for (const effect of next.effects) carryOut(effect)
  }

  function carryOut(effect: Effect<Snapshot>) {
    switch (effect.type) {
      case 'join':
        leave()
        leave = transport.join(spec.topic, {
          joined: () => send({ type: 'joined', join: effect.join }),
          left: (reason) => send({ type: 'left', join: effect.join, reason }),
          hinted: (hint) => send({ type: 'hinted', hint }),
        })
        return
      case 'leave':
        leave()
        leave = () => {}
        return
      case 'loadSnapshot':
        return ask(effect.request, async (signal) => {
          const snapshot = await spec.load(signal)
          return { type: 'snapshotLoaded', request: effect.request, snapshot }
        })
      case 'readEvents':
        return ask(effect.request, async (signal) => {
          const page = await transport.readEvents(spec.topic, effect.after, PAGE_SIZE, signal)
          return { type: 'pageLoaded', request: effect.request, page }
        })
      case 'cancel':
        return cancelRequest()
      case 'replace':
        return fold.replace(effect.snapshot)
      case 'apply':
        return apply(effect.events)
      case 'remove':
        return fold.remove()
      case 'schedule':
        return schedule(effect.timer, effect.delay)
      case 'unschedule':
        return unschedule(effect.timer)
    }
  }

  /** The machine knows a late answer by its number; the abort only spares the network. */
  function ask(request: number, question: (signal: AbortSignal) => Promise<Input<Snapshot>>) {
    const controller = new AbortController()
    const fail = (cause: unknown) => send({ type: 'requestFailed', request, failure: failureOf(cause) })
    const stopWaiting = clock.after(PATIENCE, () => {
      controller.abort()
      fail(new Error('The server did not answer in time.'))
    })
    cancelRequest = () => {
      stopWaiting()
      controller.abort()
    }
    question(controller.signal).then(send, fail).finally(stopWaiting)
  }

  function apply(events: readonly BatonEvent[]) {
    fold.apply(events)
    if (events.some((event) => spec.mayEndAccess?.(event))) send({ type: 'accessDoubted' })
  }

  function schedule(timer: Timer, delay: number) {
    unschedule(timer)
    const due = () => {
      timers.delete(timer)
      send({ type: 'due', timer })
    }
    timers.set(timer, clock.after(delay, due))
  }

  function unschedule(timer: Timer) {
    timers.get(timer)?.()
    timers.delete(timer)
  }

  function announce() {
    const next = statusOf(machine)
    if (isSameStatus(status, next)) return
    status = next
    for (const listener of [...listeners]) listener()
  }

  const unwatch = surroundings.watch((news) => send({ type: news }))
  const forgetToken = transport.onTokenChange?.(() => send({ type: 'tokenChanged' }))
  send({ type: 'started', seq: fold.seq(), online: surroundings.isOnline() })

  return {
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    status: () => status,
    close() {
      unwatch()
      forgetToken?.()
      fold.draw()
      send({ type: 'stopped' })
    },
  }
}
