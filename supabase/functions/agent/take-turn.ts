/**
 * One answer of the model, written down while it is given. An entry is opened when its block begins, so their order is
 * the model's; a tool starts when its block closes, while the model goes on. Writes are sent in order and not waited
 * for; the first that fails ends the drive (`onBroken`), and nothing after it can have changed anything: what was sent
 * behind it may still arrive, by the next connection, and is refused, since each write says where it goes on from (an
 * entry, the one before it; a piece of text, its offset; the end of a turn, the number of its blocks).
 */
import type { Stage } from '../_shared/protocol.ts'
import { createEntryWriter, type EntryWriter, type Tail } from './entry-writer.ts'
import { hashOf, type Request, type RequestMeta, thinkingOrigin } from './history.ts'
import type { Block, Model, ModelEvent } from './model.ts'
import { faultOf, ModelError, type ModelFault } from './model-fault.ts'
import { parseInput } from './parse-input.ts'
import { chargeFor, costOf, type Usage } from './prices.ts'
import type { Rows } from './rows.ts'
import type { ToolRunner } from './run-tools.ts'
import { readyCall } from './tools/index.ts'
import { ToolError } from './tools/tool.ts'

export type TurnResult = { stopReason: string; details: unknown; fault: ModelFault | null }

export type TurnOptions = {
  rows: Rows
  model: Model
  stage: Stage
  request: Request
  meta: RequestMeta
  tools: ToolRunner
  signal: AbortSignal
  onBroken(error: unknown): void
  /** How long to gather text before it is written, and how long the last write took. */
  delayMs(): number
  onWritten(ms: number): void
}

type OpenBlock = { id: string; block: Block; writer: EntryWriter; callId: string; signature: string }

export async function takeTurn(options: TurnOptions): Promise<TurnResult> {
  const { rows, model, stage, request, meta, signal } = options
  const turnId = crypto.randomUUID()
  await rows.openTurn(turnId, stage.id, meta.model, hashOf(request), meta)
  const scribe = createScribe(turnId, options)
  let result: TurnResult = { stopReason: 'cut', details: null, fault: null }
  let usage: Usage | null = null
  try {
    for await (const event of model.answer(request, signal)) {
      scribe.write(event)
      if (event.kind === 'began' || event.kind === 'ended') usage = event.usage
      if (event.kind === 'ended') result = { ...result, stopReason: event.stopReason, details: event.details }
    }
    if (!scribe.hasAnswer() && result.stopReason !== 'refusal') result.fault = emptyAnswer(result.stopReason)
  } catch (error) {
    if (!(error instanceof ModelError)) throw error
    result.fault = error.fault
  }
  scribe.flush()
  const notice = NOTICES[result.stopReason]
  await rows.closeTurn(turnId, {
    stopReason: result.stopReason,
    blocks: scribe.blocks(),
    ...(usage ? chargeFor(meta.model, usage) : { usage, cost: null }),
    ...(result.fault ? { error: result.fault } : {}),
    ...(notice ? { notice } : {}),
  })
  return result
}

const NOTICES: Record<string, string> = {
  max_tokens:
    'The answer reached its greatest length and was cut here. Go on from where it ended, in smaller steps.',
  model_context_window_exceeded: 'The answer was cut here, since the conversation became too long. Go on.',
  pause_turn: 'The answer was paused here. Go on.',
}

const emptyAnswer = (stopReason: string) =>
  faultOf('empty_answer', `The model ended its answer (${stopReason}) without saying or doing anything.`)

function createScribe(turnId: string, options: TurnOptions) {
  const { rows, meta, tools, onBroken, delayMs, onWritten } = options
  const open = new Map<number, OpenBlock>()
  let answered = false
  let blocks = 0

  const send = (write: Promise<unknown>) => void write.catch(onBroken)

  const append = (id: string) => (offset: number, text: string) => {
    const began = performance.now()
    send(rows.appendToEntry(id, offset, text).then(() => onWritten(performance.now() - began)))
  }

  const begin = (index: number, block: Block) => {
    const id = crypto.randomUUID()
    const callId = crypto.randomUUID()
    const isCall = block.kind === 'tool_use'
    blocks++
    send(
      rows.openEntry({
        id,
        turnId,
        index,
        kind: block.kind,
        ...(isCall ? { call: { id: callId, apiId: block.apiId, name: block.name } } : {}),
      }),
    )
    open.set(index, { id, block, writer: createEntryWriter(append(id), delayMs), callId, signature: '' })
  }

  const close = ({ id, block, writer, callId, signature }: OpenBlock) => {
    const tail = writer.end()
    const origin = thinkingOrigin(meta)
    if (block.kind === 'tool_use') closeCall(id, callId, block.name, writer.text, tail)
    else if (block.kind === 'redacted_thinking') send(rows.closeEntry(id, { data: block.data, origin }, tail))
    else send(rows.closeEntry(id, signature ? { signature, origin } : {}, tail))
    answered ||= block.kind === 'tool_use' || (block.kind === 'text' && writer.text.trim() !== '')
  }

  const closeCall = (id: string, callId: string, name: string, json: string, tail: Tail) => {
    let input: unknown
    try {
      input = parseInput(json, name)
      const readied = readyCall(name, input)
      send(rows.closeToolUse(id, input, tail))
      tools.start(callId, readied)
    } catch (error) {
      if (!(error instanceof ToolError)) throw error
      const { type, message } = error
      send(rows.refuseToolUse(id, { type, message }, message, isObject(input) ? (input as never) : {}))
    }
  }

  return {
    write(event: ModelEvent) {
      switch (event.kind) {
        case 'began':
          return send(rows.noteUsage(turnId, event.usage, costOf(meta.model, event.usage)))
        case 'opened':
          return begin(event.index, event.block)
        case 'grew':
          return open.get(event.index)?.writer.add(event.text)
        case 'signed': {
          const block = open.get(event.index)
          if (block) block.signature += event.signature
          return
        }
        case 'closed': {
          const block = open.get(event.index)
          open.delete(event.index)
          if (block) close(block)
        }
      }
    },
    /** What was said of a block that did not close is kept as well. */
    flush() {
      for (const { writer } of open.values()) writer.flush()
    },
    hasAnswer: () => answered,
    blocks: () => blocks,
  }
}

const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value)
