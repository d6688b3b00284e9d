import type { Entry } from '../_shared/protocol.ts'
import { keepsFrom, summaryRequest } from './compaction.ts'
import { hashOf, type Request } from './history.ts'
import type { Model } from './model.ts'
import { faultOf, ModelError } from './model-fault.ts'
import { type Charge, chargeFor, NO_CHARGE, type Usage, withCharge } from './prices.ts'
import type { Rows } from './rows.ts'

/**
 * Has the model sum up the conversation, and lets that take its place. Throws a ModelError when it does not. What is
 * known to have been spent is counted either way.
 */
export async function summarise(
  { rows, model, signal }: { rows: Rows; model: Model; signal: AbortSignal },
  history: Entry[],
  request: Request,
): Promise<void> {
  const id = crypto.randomUUID()
  let before: Charge = NO_CHARGE
  let spent: Charge = NO_CHARGE
  const onUsage = (usage: Usage) => {
    spent = withCharge(before, chargeFor(request.model, usage))
  }
  try {
    for (const mayCall of [true, false]) {
      const asked = summaryRequest(request, mayCall)
      const text = await listen(model, asked, signal, onUsage)
      before = spent
      if (text.trim() === '') continue
      await rows.recordCompaction({
        id,
        text,
        keepsFrom: keepsFrom(history),
        model: request.model,
        requestHash: hashOf(asked),
        ...spent,
      })
      return
    }
  } catch (error) {
    if (spent !== NO_CHARGE) await rows.noteSpending(id, request.model, spent).catch(() => {})
    throw error
  }
  await rows.noteSpending(id, request.model, spent)
  throw new ModelError(
    faultOf('empty_answer', 'The model did not sum up the conversation, which is too long for it.'),
  )
}

/** Text alone; an answer that calls a tool has done something else than it was asked. */
async function listen(
  model: Model,
  request: Request,
  signal: AbortSignal,
  onUsage: (usage: Usage) => void,
): Promise<string> {
  let text = ''
  const texts = new Set<number>()
  for await (const event of model.answer(request, signal)) {
    if (event.kind === 'began' || event.kind === 'ended') onUsage(event.usage)
    if (event.kind === 'opened' && event.block.kind === 'text') texts.add(event.index)
    if (event.kind === 'grew' && texts.has(event.index)) text += event.text
    if (event.kind === 'ended' && event.stopReason === 'tool_use') text = ''
  }
  return text
}
