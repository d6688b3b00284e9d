/** Plays conversations, a few at once, until so many workers were killed; each has a seed of its own. */
import postgres from 'postgres'
import { databaseUrl, type StackConfig } from '../../config.ts'
import { createLog, type Log } from '../../log.ts'
import { startTicker } from '../../ticker/start.ts'
import { createPerson, createTeam } from '../person.ts'
import { playConversation, type Verdict } from './conversation.ts'
import { startDispatcher } from './dispatcher.ts'
import { createRandom, seedOf } from './random.ts'
import { gatherSpectators } from './spectators.ts'

export type ChaosOptions = {
  database: StackConfig
  seed: number
  /** Enough when so many workers were killed. Zero: one conversation, with exactly this seed. */
  kills: number
  atOnce?: number
  leaseSeconds?: number
  /** Has the database go away for a moment; called now and then. */
  shake?: () => Promise<void>
  onVerdict?: (verdict: Verdict) => void
  log?: Log
}
export type ChaosReport = { verdicts: Verdict[]; failed: Verdict[]; shakes: number; partKills: number }

const SHAKE_EVERY = 12

export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { database, seed, kills, atOnce = 2, leaseSeconds = 1, shake, onVerdict } = options
  const log = options.log ?? createLog('chaos', () => {})
  const sql = postgres(databaseUrl(database, 'postgres'), { max: 6, backoff: () => 0.1, onnotice: () => {} })
  const dispatcher = await startDispatcher(() => sql)
  const config = { ...database, ports: { ...database.ports, api: dispatcher.port } }
  const ticker = await startTicker({ config, log, everyMs: 200 })
  const person = await createPerson(config, sql)
  const { id: teamId } = await createTeam(sql, person)
  const spectators = await gatherSpectators(config, person)
  const verdicts: Verdict[] = []
  const seeds = createRandom(seed)
  let killed = 0
  let shaken = 0

  const mayEnd = () => kills === 0 || killed < kills
  const world = { config, sql, person, teamId, dispatcher, spectators, leaseSeconds, mayEnd, log }
  const isEnough = () => (kills === 0 ? verdicts.length > 0 : killed >= kills) || verdicts.some(hasFailed)

  const lane = async (number: number) => {
    for (let nth = 1; !isEnough(); nth++) {
      const verdict = await playConversation(kills === 0 ? seed : seedOf(`${seed} ${number} ${nth}`), world)
      verdicts.push(verdict)
      killed += verdict.ends.filter(({ end }) => end === 'kill').length
      onVerdict?.(verdict)
    }
  }
  const shaking = async () => {
    while (shake && !isEnough()) {
      const due = killed + seeds.whole(SHAKE_EVERY / 2, SHAKE_EVERY)
      while (killed < due && !isEnough()) await new Promise((settle) => setTimeout(settle, 100))
      if (isEnough()) return
      spectators.shake(seeds)
      await shake()
      shaken++
    }
  }
  try {
    const lanes = Array.from({ length: kills === 0 ? 1 : atOnce }, (_, number) => lane(number))
    await Promise.all([...lanes, shaking()])
  } finally {
    await spectators[Symbol.asyncDispose]()
    await ticker.stop()
    await dispatcher[Symbol.asyncDispose]()
    await sql.end({ timeout: 1 })
  }
  return { verdicts, failed: verdicts.filter(hasFailed), shakes: shaken, partKills: spectators.kills() }
}

const hasFailed = ({ complaints }: Verdict) => complaints.length > 0
