/** Assesses escalations. Answers at once and goes on behind, since whoever wakes it does not wait. */
import { requireSecret } from '../_shared/auth.ts'
import { inBackground } from '../_shared/background.ts'
import { BatonError } from '../_shared/errors.ts'
import type { Log } from '../_shared/log.ts'
import { answering, json } from '../_shared/respond.ts'
import { openConnections } from '../agent/connections.ts'
import { openModel } from '../agent/model.ts'
import { readSettings } from '../agent/settings.ts'
import { type AssessWorld, assess } from './assess.ts'

const settings = readSettings()
const leaving = new AbortController()
const world: AssessWorld = {
  connections: openConnections(settings.databaseUrl),
  model: openModel(settings),
  modelName: settings.model,
  leaving: leaving.signal,
}
addEventListener('beforeunload', () => leaving.abort(new Error('This process is about to end.')))

Deno.serve(
  answering({
    POST: async (request, { log, requestId }) => {
      await requireSecret(request)
      inBackground(work(await escalationIdOf(request), requestId, log))
      return json({ accepted: true }, 202)
    },
  }),
)

async function escalationIdOf(request: Request): Promise<string | null> {
  const body = await request.json().catch(() => ({}))
  const id = body?.escalation_id ?? null
  if (id === null || /^[0-9a-f-]{36}$/i.test(id)) return id
  throw new BatonError('BT004', 'The field escalation_id must be the id of an escalation.')
}

/** The one that was named, and then whatever waits. */
async function work(escalationId: string | null, worker: string, log: Log): Promise<void> {
  try {
    let next = escalationId
    for (;;) {
      const end = await assess(next, worker, world, log)
      log[end === 'nothing to claim' ? 'debug' : 'info']('assess ended', { escalation: next, end })
      if (end === 'nothing to claim' && next === null) return
      next = null
    }
  } catch (error) {
    log.error('assess failed', { escalation: escalationId, error })
  }
}
