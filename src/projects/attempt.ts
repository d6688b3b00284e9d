import { sentenceOf, toBatonError } from '../errors.ts'
import { showToast } from '../ui/toasts.ts'

/** Does it, and says why not when it is refused. Answers whether it was done. */
export async function attempt(failure: string, deed: () => Promise<unknown>): Promise<boolean> {
  try {
    await deed()
    return true
  } catch (cause) {
    showToast({ tone: 'bad', title: failure, body: sentenceOf(toBatonError(cause)) })
    return false
  }
}
