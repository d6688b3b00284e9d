/**
 * The workers of one conversation: real Deno processes, each with its fate. One that is killed has a successor at once.
 * One that stands still past its lease gets a colleague, and wakes up when that one is at work.
 */
import { randomUUID } from 'node:crypto'
import { readFileSync, watch, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { bootWorker, type Worker, type WorkerPlan } from '../../functions/worker.ts'
import { REQUEST_ID_HEADER, WORKER_TOKEN_HEADER } from '../../functions/worker-protocol.ts'
import type { Log } from '../../log.ts'
import { drawFate, type Fate, reached, rulesOf } from './fate.ts'
import type { Random } from './random.ts'

export type Crew = {
  /** False when nobody is there to be woken. */
  wake(body: string): Promise<boolean>
  ends: CrewEnd[]
  disband(): Promise<void>
}
export type CrewEnd = { end: Fate['end']; point: string; at: number; worker: string }

type Options = {
  plan: WorkerPlan
  secretKey: string
  leaseSeconds: number
  stateDir: string
  random: Random
  /** Whether one more may be killed, or stopped. */
  mayEnd(end: Fate['end']): boolean
  onEnd(end: CrewEnd): void
  log: Log
}

/** A machine with much to do may not be able to start one in time; that is no fault of the agent. */
async function bootWithPatience(plan: WorkerPlan, log: Log, attempts = 5): Promise<Worker> {
  try {
    return await bootWorker(plan, log)
  } catch (error) {
    if (attempts === 1) throw error
    return await bootWithPatience(plan, log, attempts - 1)
  }
}

type Member = { name: string; worker: Worker; isStill: boolean }

export async function gatherCrew(options: Options): Promise<Crew> {
  const { plan, secretKey, leaseSeconds, stateDir, random, mayEnd, onEnd, log } = options
  const standsMs = leaseSeconds * 1_000 + 1_200
  const members: Member[] = []
  const ends: CrewEnd[] = []
  const wakes = random.fork('wakes')
  let hired = 0
  let isOver = false

  const hire = async () => {
    const name = `worker-${++hired}-${randomUUID().slice(0, 8)}`
    const fate = drawFate(random.fork(`fate ${hired}`))
    const state = join(stateDir, name)
    writeFileSync(state, '')
    const environment = {
      ...plan.environment,
      BATON_FAULTS_ALLOWED: '1',
      BATON_FAULTS: mayEnd(fate.end) ? rulesOf(fate, fate.end === 'kill' ? 30_000 : standsMs) : '',
      BATON_FAULTS_STATE: state,
      BATON_LEASE_SECONDS: String(leaseSeconds),
    }
    const worker = await bootWithPatience({ ...plan, environment }, log)
    if (isOver) return void worker.drain(0)
    const member = { name, worker, isStill: false }
    members.push(member)
    const watcher = watch(state, () => {
      const point = reached(fate, readFileSync(state, 'utf8').split('\n'))
      if (!point) return
      watcher.close()
      void meet(member, { end: fate.end, point, at: Date.now(), worker: name })
    })
    void worker.exited.then(() => {
      watcher.close()
      members.splice(members.indexOf(member), 1)
      if (!isOver && members.every(({ isStill }) => isStill)) void hire()
    })
  }

  const meet = async (member: Member, end: CrewEnd) => {
    ends.push(end)
    onEnd(end)
    const pid = member.worker.pid!
    if (end.end === 'kill') return process.kill(pid, 'SIGKILL')
    member.isStill = true
    if (end.end === 'stop') process.kill(pid, 'SIGSTOP')
    await hire()
    if (end.end === 'freeze') return
    await pause(standsMs)
    if (members.includes(member)) process.kill(pid, 'SIGCONT')
  }

  const tell = async ({ name, worker }: Member, body: string) => {
    const headers = {
      apikey: secretKey,
      'content-type': 'application/json',
      [REQUEST_ID_HEADER]: `${name}-${randomUUID().slice(0, 4)}`,
      [WORKER_TOKEN_HEADER]: worker.token,
    }
    const response = await fetch(`http://127.0.0.1:${worker.port}/agent`, { method: 'POST', headers, body })
    if (!response.ok) throw new Error(`The agent answered ${response.status}: ${await response.text()}`)
  }

  await hire()
  return {
    ends,
    /** Now and then all are woken at once, and twice. */
    async wake(body) {
      const awake = members.filter(({ isStill }) => !isStill)
      const woken = wakes.chance(0.25) ? [...members, ...awake] : awake.slice(-1)
      const answers = woken.map((member) =>
        tell(member, body).then(
          () => true,
          () => false,
        ),
      )
      return awake.length > 0 && (await Promise.race([...answers, pause(1_000, false)]))
    },
    async disband() {
      isOver = true
      for (const { worker } of members) if (worker.pid) process.kill(worker.pid, 'SIGCONT')
      await Promise.all(members.map(({ worker }) => worker.drain(0)))
    },
  }
}
