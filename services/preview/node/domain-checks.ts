/**
 * Whether a domain is its team's: they show it by a TXT record that only its owner can write. A check that is due is
 * leased by its token, so several hosts share them, and one that dies leaves it to the next. Whoever asks for a check is
 * notified of at once; the interval is for what was missed.
 */
import type { Domain } from '../../../supabase/functions/_shared/protocol.ts'

export type DueCheck = Pick<Domain, 'domain' | 'record_name' | 'record_value'> & { token: string }
export type DomainRows = {
  due(): Promise<DueCheck[]>
  finish(check: DueCheck, problem: string | null): Promise<void>
}
export type ResolveTxt = (name: string) => Promise<string[][]>

export function createDomainChecks(
  rows: DomainRows,
  resolveTxt: ResolveTxt,
  verified: (domain: string) => void,
) {
  let running: Promise<void> | undefined
  let again = false

  const run = async () => {
    do {
      again = false
      const due = await rows.due()
      await Promise.all(due.map(check))
      again ||= due.length > 0
    } while (again)
  }

  const check = async (due: DueCheck) => {
    const problem = await problemOf(due, resolveTxt)
    await rows.finish(due, problem)
    if (problem === null) verified(due.domain)
  }

  return {
    run(): Promise<void> {
      again = true
      running ??= run().finally(() => {
        running = undefined
      })
      return running
    },
  }
}

async function problemOf(due: DueCheck, resolveTxt: ResolveTxt): Promise<string | null> {
  try {
    const values = (await resolveTxt(due.record_name)).map((parts) => parts.join('').trim())
    if (values.includes(due.record_value)) return null
    return `${due.record_name} has another value: ${values[0]?.slice(0, 100) ?? 'an empty one'}.`
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown'
    return ['ENOTFOUND', 'ENODATA'].includes(code)
      ? `There is no TXT record at ${due.record_name} yet. New records take some minutes to be seen.`
      : `DNS could not be asked (${code}). Try again later.`
  }
}
