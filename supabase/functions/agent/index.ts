/** Drives runs. Answers at once and goes on behind, since whoever wakes it does not wait. */
import { requireSecret } from '../_shared/auth.ts'
import { inBackground } from '../_shared/background.ts'
import { required, secretKeys } from '../_shared/environment.ts'
import { BatonError } from '../_shared/errors.ts'
import type { Log } from '../_shared/log.ts'
import { answering, json } from '../_shared/respond.ts'
import { openAttachmentStore } from './attachment-store.ts'
import { openConnections } from './connections.ts'
import { drive } from './drive.ts'
import type { World } from './driver.ts'
import { readFaults } from './faults.ts'
import { openModel } from './model.ts'
import { readSettings } from './settings.ts'

const bornAt = Date.now()
const settings = readSettings()
const leaving = new AbortController()
const world: Omit<World, 'startedAt'> = {
  settings,
  connections: openConnections(settings.databaseUrl),
  model: openModel(settings),
  attachments: openAttachmentStore({ url: required('SUPABASE_URL'), key: secretKeys()[0] }),
  pass: readFaults(),
  load: { answersAtOnce: 0, lastWriteMs: 0 },
  leaving: leaving.signal,
}
addEventListener('beforeunload', () => leaving.abort(new Error('This process is about to end.')))

Deno.serve(
  answering({
    POST: async (request, { log, requestId }) => {
      await requireSecret(request)
      inBackground(work(await runIdOf(request), requestId, log))
      return json({ accepted: true }, 202)
    },
  }),
)

async function runIdOf(request: Request): Promise<string | null> {
  const body = await request.json().catch(() => ({}))
  const id = body?.run_id ?? null
  if (id === null || /^[0-9a-f-]{36}$/i.test(id)) return id
  throw new BatonError('BT004', 'The field run_id must be the id of a run.')
}

async function work(runId: string | null, worker: string, log: Log): Promise<void> {
  try {
    const startedAt = settings.processIsTimed ? bornAt : Date.now()
    const end = await drive(runId, worker, { ...world, startedAt }, log)
    log[end === 'nothing to claim' ? 'debug' : 'info']('drive ended', { run: runId, end })
  } catch (error) {
    log.error('drive failed', { run: runId, error })
  }
}
