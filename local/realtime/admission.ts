/** Who may join a channel, and what they are refused with: in the order of hosted Realtime, each check a sentence. */
import type { Asker, ReadRights } from './authorize.ts'
import type { JoinConfig } from './join-config.ts'
import { parseReplay, type ReplayRequest } from './messages.ts'
import { Refusal } from './refusal.ts'
import type { Socket } from './socket.ts'
import type { Claims } from './tokens.ts'
import type { World } from './world.ts'

export type Applicant = { name: string; config: JoinConfig; token: string; socket: Socket }
export type Admission = { claims: Claims; rights: ReadRights; replay: ReplayRequest | null }

/** Throws a `Refusal`. */
export async function admit(world: World, applicant: Applicant): Promise<Admission> {
  checkLimits(world, applicant)
  const claims = await verifyToken(world, applicant.token)
  if (!(await world.replication.whenHolding(world.settings.databaseWaitMs))) {
    throw new Refusal('InitializingProjectConnection: Realtime is initializing the project connection')
  }
  const rights = await askRead(world, applicant, claims)
  return { claims, rights, replay: checkReplay(applicant, rights) }
}

export function askerOf({ name, socket }: Applicant, claims: Claims): Asker {
  return { topic: name, claims, headers: socket.headers }
}

function checkLimits({ settings, rates, isStopping }: World, { name, config, socket }: Applicant): void {
  if (name === '') throw new Refusal('TopicNameRequired: You must provide a topic name')
  if (isStopping) throw new Refusal('RealtimeRestarting: Realtime is restarting, please standby')
  if (settings.privateOnly && !config.isPrivate) {
    throw new Refusal('PrivateOnly: This project only allows private channels')
  }
  const now = Date.now()
  if (!socket.countJoin(now) || !rates.joins.add(1, now)) {
    throw new Refusal('ClientJoinRateLimitReached: Too many joins per second', { disconnects: true })
  }
  if (socket.channelCount >= settings.channelsPerSocket) {
    throw new Refusal('ChannelRateLimitReached: Too many channels')
  }
}

async function verifyToken(world: World, token: string): Promise<Claims> {
  const verdict = await world.tokens.verify(token)
  if (!verdict.ok) throw new Refusal(`${verdict.code}: ${verdict.message}`)
  return verdict.claims
}

async function askRead(world: World, applicant: Applicant, claims: Claims): Promise<ReadRights> {
  const { name, config } = applicant
  if (!config.isPrivate) return { broadcast: true, presence: true }
  const rights = await world.authorizer.mayRead(askerOf(applicant, claims), config.presence.enabled)
  if (!rights.broadcast && !rights.presence) throw unauthorized(name)
  return rights
}

function checkReplay({ name, config }: Applicant, rights: ReadRights): ReplayRequest | null {
  const { replay } = config.broadcast
  if (replay === undefined || replay === null) return null
  if (!config.isPrivate) {
    throw new Refusal('UnableToReplayMessages: Replay is not allowed for public channels')
  }
  const request = parseReplay(replay)
  if (!request) throw new Refusal('UnableToReplayMessages: Replay params are not valid')
  if (!rights.broadcast) throw unauthorized(name)
  return request
}

const unauthorized = (name: string) =>
  new Refusal(`Unauthorized: You do not have permissions to read from this Channel topic: ${name}`)
