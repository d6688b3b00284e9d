/**
 * The only file that knows Anthropic's protocol: its events become ours, its errors become faults. Nothing is retried
 * here, since a retry is to be seen and to survive this process.
 */
import Anthropic, { APIConnectionError, APIError } from '@anthropic-ai/sdk'
import type { Request } from './history.ts'
import { faultOf, ModelError, type ModelFault } from './model-fault.ts'
import { NO_USAGE, type Usage } from './prices.ts'

export type Block =
  | { kind: 'text' | 'thinking' }
  | { kind: 'redacted_thinking'; data: string }
  | { kind: 'tool_use'; apiId: string; name: string }

export type ModelEvent =
  | { kind: 'began'; usage: Usage }
  | { kind: 'opened'; index: number; block: Block }
  /** Text, thinking, or JSON of an input. */
  | { kind: 'grew'; index: number; text: string }
  | { kind: 'signed'; index: number; signature: string }
  | { kind: 'closed'; index: number }
  | { kind: 'ended'; stopReason: string; usage: Usage; details: unknown }

export type Model = { answer(request: Request, signal: AbortSignal): AsyncIterable<ModelEvent> }

const NO_MODEL = faultOf('no_model', 'This server has no model yet. Set ANTHROPIC_API_KEY, then try again.', {
  retryable: false,
})

/** Even while a model thinks, its server says now and then that it is still there. */
const SILENCE_MS = 60_000

export function openModel({ apiKey, baseUrl }: { apiKey: string; baseUrl: string | null }): Model {
  return {
    async *answer(request, signal) {
      if (!apiKey && !baseUrl) throw new ModelError(NO_MODEL)
      const silence = new AbortController()
      const watched = watchFor(silence, SILENCE_MS)
      const client = new Anthropic({
        apiKey: apiKey || 'none',
        ...(baseUrl ? { baseURL: baseUrl } : {}),
        maxRetries: 0,
        logLevel: 'off',
        fetch: watched.fetch,
      })
      try {
        const either = AbortSignal.any([signal, silence.signal])
        const stream = await client.messages.create(request, { signal: either })
        if (yield* translated(stream)) return
        signal.throwIfAborted()
        if (silence.signal.aborted) throw stalled()
        throw new ModelError(faultOf('stream_cut', 'The answer was cut before its end.'))
      } catch (error) {
        signal.throwIfAborted()
        throw silence.signal.aborted ? stalled() : toModelError(error)
      } finally {
        watched.stop()
      }
    },
  }
}

/** Whether the answer came to its proper end; a stream may just stop. */
async function* translated(
  stream: AsyncIterable<Anthropic.RawMessageStreamEvent>,
): AsyncGenerator<ModelEvent, boolean> {
  let usage = NO_USAGE
  let ended: { stopReason: string; details: unknown } | null = null
  for await (const event of stream) {
    switch (event.type) {
      case 'message_start':
        usage = addUsage(usage, event.message.usage)
        yield { kind: 'began', usage }
        break
      case 'content_block_start':
        yield* opening(event)
        break
      case 'content_block_delta':
        yield* growth(event)
        break
      case 'content_block_stop':
        yield { kind: 'closed', index: event.index }
        break
      case 'message_delta':
        usage = addUsage(usage, event.usage)
        ended = {
          stopReason: event.delta.stop_reason ?? 'end_turn',
          details: event.delta.stop_details ?? null,
        }
        break
      case 'message_stop':
        if (ended) yield { kind: 'ended', usage, ...ended }
        return ended !== null
    }
  }
  return false
}

function* opening({
  index,
  content_block: block,
}: Anthropic.RawContentBlockStartEvent): Generator<ModelEvent> {
  switch (block.type) {
    case 'text':
      yield { kind: 'opened', index, block: { kind: 'text' } }
      if (block.text) yield { kind: 'grew', index, text: block.text }
      break
    case 'thinking':
      yield { kind: 'opened', index, block: { kind: 'thinking' } }
      if (block.thinking) yield { kind: 'grew', index, text: block.thinking }
      if (block.signature) yield { kind: 'signed', index, signature: block.signature }
      break
    case 'redacted_thinking':
      yield { kind: 'opened', index, block: { kind: 'redacted_thinking', data: block.data } }
      break
    case 'tool_use':
      yield { kind: 'opened', index, block: { kind: 'tool_use', apiId: block.id, name: block.name } }
      break
    default:
      throw new ModelError(
        faultOf('unknown_block', `The model answered with a "${block.type}", which Baton did not ask for.`),
      )
  }
}

function* growth({ index, delta }: Anthropic.RawContentBlockDeltaEvent): Generator<ModelEvent> {
  if (delta.type === 'text_delta') yield { kind: 'grew', index, text: delta.text }
  if (delta.type === 'thinking_delta') yield { kind: 'grew', index, text: delta.thinking }
  if (delta.type === 'input_json_delta') yield { kind: 'grew', index, text: delta.partial_json }
  if (delta.type === 'signature_delta') yield { kind: 'signed', index, signature: delta.signature }
}

/** Later figures are totals too; those that are not told again stay. */
function addUsage(known: Usage, told: Anthropic.Usage | Anthropic.MessageDeltaUsage | undefined): Usage {
  return {
    input_tokens: told?.input_tokens ?? known.input_tokens,
    output_tokens: told?.output_tokens ?? known.output_tokens,
    cache_read_input_tokens: told?.cache_read_input_tokens ?? known.cache_read_input_tokens,
    cache_creation_input_tokens: told?.cache_creation_input_tokens ?? known.cache_creation_input_tokens,
  }
}

function toModelError(error: unknown): ModelError {
  if (error instanceof ModelError) return error
  if (error instanceof APIConnectionError)
    return new ModelError(
      faultOf('connection_error', `The model cannot be reached: ${deepest(error)}`),
      error,
    )
  if (error instanceof APIError) return new ModelError(faultOfResponse(error), error)
  return new ModelError(faultOf('stream_cut', `The answer was cut: ${deepest(error)}`), error)
}

const PASSING_TYPES = ['overloaded_error', 'api_error', 'rate_limit_error', 'timeout_error']

function faultOfResponse(error: APIError): ModelFault {
  const status = error.status ?? null
  const passes = status === null ? PASSING_TYPES.includes(error.type ?? '') : isPassing(status)
  const retry = error.headers?.get('x-should-retry')
  return faultOf(error.type ?? 'api_error', error.apiMessage ?? error.message, {
    status,
    retryable: retry === 'false' ? false : passes,
    retryAfterMs: retryAfterMs(error.headers),
    request_id: error.requestID ?? null,
    details: error.error ?? null,
  })
}

const isPassing = (status: number) => status === 408 || status === 409 || status === 429 || status >= 500

function retryAfterMs(headers: Headers | undefined): number | null {
  const exact = Number(headers?.get('retry-after-ms'))
  if (exact > 0) return exact
  const told = headers?.get('retry-after')
  if (!told) return null
  const seconds = Number(told)
  const ms = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(told) - Date.now()
  return Number.isFinite(ms) && ms > 0 ? ms : null
}

const stalled = () =>
  new ModelError(faultOf('stream_stalled', `The model said nothing for ${SILENCE_MS / 1_000} seconds.`))

function deepest(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? deepest(error.cause) : error.message
}

/** Aborts when no byte comes for a while, the pings that the SDK does not pass on included. */
function watchFor(silence: AbortController, afterMs: number) {
  let timer: ReturnType<typeof setTimeout> | undefined
  const heard = () => {
    clearTimeout(timer)
    timer = setTimeout(() => silence.abort(), afterMs)
  }
  const listening = () =>
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, stream) {
        heard()
        stream.enqueue(chunk)
      },
    })
  return {
    stop: () => clearTimeout(timer),
    async fetch(input: string | URL | globalThis.Request, init?: RequestInit): Promise<Response> {
      heard()
      const { body, status, statusText, headers } = await fetch(input, init)
      return new Response(body?.pipeThrough(listening()) ?? null, { status, statusText, headers })
    },
  }
}
