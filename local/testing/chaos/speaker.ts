/** Speaks the answers of a story at a pace that leaves room for accidents, and has some of its own. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Request } from '../../../supabase/functions/agent/history.ts'
import { type Answer, type Say, type ScriptedModel, startScriptedModel } from '../agent/scripted-model.ts'
import type { Random } from './random.ts'
import { type Block, idFor, type Script } from './script.ts'
import { nextAnswer } from './story.ts'

export type Speaker = ScriptedModel & {
  /** When the model was asked so often. */
  asked(count: number): Promise<void>
}

const ACCIDENTS = ['cut', 'overloaded', 'refused 429', 'refused 529', 'refused 500', 'empty'] as const
type Accident = (typeof ACCIDENTS)[number]

export async function startSpeaker(script: Script, random: Random): Promise<Speaker> {
  const model = await startScriptedModel()
  const waiting = new Map<number, () => void>()
  let longest = 0

  /** At most one for each thing that is said, since five in a row are a reason to give up. */
  const accidentIn = (request: Request): Accident | null => {
    const length = JSON.stringify(request.messages).length
    if (length <= longest || !random.chance(0.25)) return null
    longest = length
    return random.one(ACCIDENTS)
  }

  const answer: Answer = async (say, request) => {
    model.answer(answer)
    waiting.get(model.requests.length)?.()
    try {
      await speak(script, say, request, accidentIn(request), random)
    } catch (error) {
      model.faults.push(`the model could not answer: ${error}`)
      say.cut()
    }
  }
  model.answer(answer)
  const asked = (count: number) =>
    model.requests.length >= count
      ? Promise.resolve()
      : new Promise<void>((settle) => waiting.set(count, settle))
  return Object.assign(model, { asked })
}

async function speak(
  script: Script,
  say: Say,
  request: Request,
  accident: Accident | null,
  random: Random,
): Promise<void> {
  if (accident === 'empty') return say.end()
  if (accident === 'refused 429')
    return say.refuse(429, 'rate_limit_error', 'Slowly.', { 'retry-after-ms': '150' })
  if (accident === 'refused 529') return say.refuse(529, 'overloaded_error', 'Overloaded.')
  if (accident === 'refused 500') return say.refuse(500, 'api_error', 'Internal error.')
  const { blocks, stopReason } = nextAnswer(script, request)
  let left = accident ? random.whole(0, 40) : Number.POSITIVE_INFINITY
  for (const block of blocks) {
    for (const act of actsFor(block, say, random)) {
      if (left-- <= 0) return accident === 'cut' ? say.cut() : say.fail('overloaded_error', 'Overloaded.')
      act()
      if (random.chance(0.2)) await pause(random.whole(1, 25))
    }
  }
  say.end(stopReason)
}

/** Everything that is sent for a block, piece by piece. */
function actsFor(block: Block, say: Say, random: Random): (() => void)[] {
  const grow = (text: string, delta: (piece: string) => object) =>
    (text.match(/[\s\S]{1,24}/gu) ?? []).map((piece) => () => say.grow(delta(piece)))
  const wrapped = (opening: object, deltas: (() => void)[]) => [
    () => say.open(opening),
    ...deltas,
    () => say.close(),
  ]
  switch (block.kind) {
    case 'text':
      return wrapped(
        { type: 'text', text: '' },
        grow(block.text, (text) => ({ type: 'text_delta', text })),
      )
    case 'thinking':
      return wrapped({ type: 'thinking', thinking: '', signature: '' }, [
        ...grow(block.text, (thinking) => ({ type: 'thinking_delta', thinking })),
        () => say.grow({ type: 'signature_delta', signature: 'signed' }),
      ])
    case 'call':
      return wrapped(
        { type: 'tool_use', id: idFor(block, random), name: block.name, input: {} },
        grow(block.json ?? JSON.stringify(block.input), (partial_json) => ({
          type: 'input_json_delta',
          partial_json,
        })),
      )
  }
}
