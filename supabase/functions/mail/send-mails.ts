/** Empties the outbox, one mail after the other, until it is empty, the time is up, or the relay cannot be reached. */
import type { Log } from '../_shared/log.ts'
import type { ClaimedMail } from '../_shared/protocol.ts'
import type { Outbox } from './outbox.ts'

export type Relay = {
  send(mail: ClaimedMail): Promise<void>
  /** Whether the next mail would fail in the same way. */
  isOutage(error: unknown): boolean
}

export type Reason = 'empty' | 'time is up' | 'outage'

export async function sendMails(
  outbox: Outbox,
  relay: Relay,
  log: Log,
  { budgetMs, now = Date.now }: { budgetMs: number; now?: () => number },
): Promise<Reason> {
  const end = now() + budgetMs
  while (now() < end) {
    const mail = await outbox.claim()
    if (!mail) return 'empty'
    try {
      await relay.send(mail)
    } catch (error) {
      log.warn('mail was not sent', { mail: mail.id, attempt: mail.attempts, error })
      await outbox.fail(mail, error instanceof Error ? error.message : String(error))
      if (relay.isOutage(error)) return 'outage'
      continue
    }
    const counted = await outbox.finish(mail)
    log.info(counted ? 'mail sent' : 'mail sent, though another sender had taken it over', { mail: mail.id })
  }
  await outbox.wake()
  return 'time is up'
}
