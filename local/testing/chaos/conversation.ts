/** One conversation with a crew, a model and people of its own, from its first word to the verdict. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type postgres from 'postgres'
import type { Entry } from '../../../supabase/functions/_shared/protocol.ts'
import type { StackConfig } from '../../config.ts'
import { functionEnvironment } from '../../functions/environment.ts'
import { readFunctionSettings } from '../../functions/settings.ts'
import type { WorkerPlan } from '../../functions/worker.ts'
import type { Log } from '../../log.ts'
import { type Crew, type CrewEnd, gatherCrew } from './crew.ts'
import type { Dispatcher } from './dispatcher.ts'
import { gather, type Place } from './evidence.ts'
import type { Fate } from './fate.ts'
import { judge } from './oracle.ts'
import { playPeople, type Stage } from './people.ts'
import { persistently } from './persistently.ts'
import { createRandom } from './random.ts'
import { writeScript } from './script.ts'
import { signedIn } from './signed-in.ts'
import { startSpeaker } from './speaker.ts'
import type { Spectators } from './spectators.ts'
import { type Leaving, takeoversOf } from './takeovers.ts'

export type World = Stage & {
  config: StackConfig
  dispatcher: Dispatcher
  spectators: Spectators
  leaseSeconds: number
  mayEnd(end: Fate['end']): boolean
  log: Log
}
export type Verdict = {
  seed: number
  complaints: string[]
  ends: CrewEnd[]
  takeovers: number[]
  /** What stands in the chat, a line for each entry. */
  story: string[]
  turns: number
  requests: number
  seconds: number
}

const PATIENCE_MS = 90_000
const MOST_ENDS = 8

export async function playConversation(seed: number, world: World): Promise<Verdict> {
  const began = performance.now()
  const random = createRandom(seed)
  const script = writeScript(seed)
  const stateDir = mkdtempSync(join(tmpdir(), 'baton-chaos-'))
  const speaker = await startSpeaker(script, random.fork('speaker'))
  const place = await prepare(world)
  const spectator = world.spectators.watch(place)
  const leavings: Promise<Leaving | null>[] = []
  let ends = 0
  let crew: Crew | undefined
  try {
    crew = await gatherCrew({
      plan: planFor(world.config, speaker.port, script.isCramped),
      secretKey: world.config.keys.secret,
      leaseSeconds: world.leaseSeconds,
      stateDir,
      random: random.fork('crew'),
      mayEnd: (end) => ends < MOST_ENDS && world.mayEnd(end),
      onEnd: (end) => {
        ends++
        if (end.end === 'kill') leavings.push(noteLeaving(world.sql, place, end))
      },
      log: world.log,
    })
    world.dispatcher.serve(place.chatId, crew)
    const patience = AbortSignal.timeout(PATIENCE_MS)
    const stuck = await playPeople(script, place, world, speaker, random.fork('people'), patience)
    const evidence = await persistently(() => gather(world.sql, place, speaker))
    return {
      seed,
      complaints: [...stuck, ...judge(script, evidence), ...(await spectator.complaints(evidence.events))],
      ends: crew.ends,
      takeovers: takeoversOf(await Promise.all(leavings), evidence.events),
      story: evidence.entries.map(lineOf),
      turns: evidence.turns.length,
      requests: evidence.requests.length,
      seconds: (performance.now() - began) / 1_000,
    }
  } finally {
    world.dispatcher.forget(place.chatId)
    spectator.leave()
    await crew?.disband()
    await speaker[Symbol.asyncDispose]()
    rmSync(stateDir, { recursive: true, force: true })
  }
}

const lineOf = ({ turn, index, run_id, kind, text, in_history, tool_call, created_at }: Entry) =>
  `${created_at.slice(17, 23)} run ${run_id?.slice(0, 4)} ${turn}.${index} ${in_history ? '' : 'unsent '}${kind} ${
    tool_call
      ? `${tool_call.api_id} ${tool_call.name} ${tool_call.state}: ${tool_call.result?.slice(0, 60)}`
      : text.slice(0, 60)
  }`

async function prepare({ sql, person, teamId }: Stage): Promise<Place> {
  const me = () => signedIn(sql, person)
  return await persistently(async () => {
    const [project] = await sql<{ made: { id: string } }[]>`
      select public.create_project(${teamId}, 'App') as made from ${me()}`
    const [chat] = await sql<{ made: { id: string } }[]>`
      select public.create_chat(${project!.made.id}, 'Chat') as made from ${me()}`
    return { projectId: project!.made.id, chatId: chat!.made.id }
  })
}

/** Every request of the scripted model is said to have 1,120 tokens: too many for a window of 1,400. */
const CRAMPED = { BATON_WINDOW_TOKENS: '1400' }

function planFor(config: StackConfig, modelPort: number, isCramped: boolean): WorkerPlan {
  const functionsDir = join(config.rootDir, 'supabase/functions')
  return {
    settings: readFunctionSettings(functionsDir).find(({ name }) => name === 'agent')!,
    environment: {
      ...functionEnvironment(config, functionsDir),
      ANTHROPIC_BASE_URL: `http://127.0.0.1:${modelPort}`,
      ANTHROPIC_API_KEY: 'key-of-tests',
      ...(isCramped ? CRAMPED : {}),
    },
    paths: {
      rootDir: config.rootDir,
      functionsDir,
      nodeModulesDir: join(config.rootDir, 'node_modules'),
      dataDir: config.dataDir,
    },
    pulseTimeoutMs: 20_000,
  }
}

/** Whether the worker that was just killed held the run, or had been woken for one that was still queued. */
async function noteLeaving(sql: postgres.Sql, { chatId }: Place, end: CrewEnd): Promise<Leaving | null> {
  return await persistently(async () => {
    const [run] = await sql<{ state: string; worker: string | null; attempts: number }[]>`
      select state, worker, attempts from public.runs where chat_id = ${chatId} order by created_at desc limit 1`
    const isHis = run?.state === 'queued' || (run?.state === 'running' && run.worker?.startsWith(end.worker))
    return isHis ? { at: end.at, attempts: run.attempts } : null
  })
}
