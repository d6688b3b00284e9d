/** Sends what waits in the outbox. Answers at once and goes on behind, since whoever wakes it does not wait. */
import { requireSecret } from '../_shared/auth.ts'
import { inBackground } from '../_shared/background.ts'
import { serviceClient } from '../_shared/db.ts'
import type { Log } from '../_shared/log.ts'
import { answering, json } from '../_shared/respond.ts'
import { openOutbox } from './outbox.ts'
import { openRelay } from './relay.ts'
import { sendMails } from './send-mails.ts'

const BUDGET_MS = 20_000

Deno.serve(
  answering({
    POST: async (request, { log, requestId }) => {
      await requireSecret(request)
      inBackground(emptyOutbox(requestId, log))
      return json({ accepted: true }, 202)
    },
  }),
)

async function emptyOutbox(worker: string, log: Log): Promise<void> {
  const relay = openRelay()
  try {
    const reason = await sendMails(openOutbox(serviceClient(), worker), relay, log, { budgetMs: BUDGET_MS })
    log.debug('outbox left', { reason })
  } catch (error) {
    log.error('outbox could not be emptied', { error })
  } finally {
    relay.close()
  }
}
