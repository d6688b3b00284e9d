/**
 * Stands for Anthropic: speaks its streaming protocol, says what the test tells it to, block by block, and waits where
 * the test wants it to. Each request takes the next answer. Every request is checked against the rules of the API.
 */
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Request } from '../../../supabase/functions/agent/history.ts'
import { validateHistory } from '../../../supabase/functions/agent/validate-history.ts'

export type Answer = (say: Say, request: Request) => unknown

export type ScriptedModel = {
  port: number
  requests: Request[]
  /** What was wrong with the requests. */
  faults: string[]
  answer(...answers: Answer[]): void
  /** What it says next when it is asked to assess an escalation, which may be at any moment; else it says something. */
  assess(...answers: Answer[]): void
  [Symbol.asyncDispose](): Promise<void>
}

export async function startScriptedModel(): Promise<ScriptedModel> {
  const requests: Request[] = []
  const faults: string[] = []
  const answers: Answer[] = []
  const assessments: Answer[] = []
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
    const request = JSON.parse(Buffer.concat(chunks).toString()) as Request
    if (asksForAssessment(request)) {
      await (assessments.shift() ?? assessed)(createSay(response), request)
      return
    }
    requests.push(request)
    faults.push(...validateHistory(request))
    response.setHeader('connection', 'close') // Deno asks once more, unseen, when a connection that it kept is gone
    const answer =
      answers.shift() ?? ((say) => say.refuse(400, 'invalid_request_error', 'No answer is left.'))
    await answer(createSay(response), request)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    faults,
    answer: (...more) => void answers.push(...more),
    assess: (...more) => void assessments.push(...more),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}

const asksForAssessment = ({ messages }: Request) =>
  String(messages[0]?.content).startsWith('[Baton] Assess this escalation.')

const assessed: Answer = (say) => {
  say.text('## Likely cause\nThe script says so.\n\n## Confidence\nmedium\n')
  say.end()
}

export type Say = ReturnType<typeof createSay>

const USAGE = {
  input_tokens: 100,
  cache_creation_input_tokens: 20,
  cache_read_input_tokens: 1_000,
  output_tokens: 1,
}

function createSay(response: ServerResponse) {
  let index = 0
  let begun = false

  const event = (body: { type: string; [field: string]: unknown }) => {
    if (!begun) begin()
    response.write(`event: ${body.type}\ndata: ${JSON.stringify(body)}\n\n`)
  }
  const begin = () => {
    begun = true
    response.writeHead(200, { 'content-type': 'text/event-stream', 'request-id': 'req_scripted' })
    event({
      type: 'message_start',
      message: {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        content: [],
        model: 'scripted',
        usage: USAGE,
      },
    })
  }
  const open = (content_block: object) => event({ type: 'content_block_start', index, content_block })
  const grow = (delta: object) => event({ type: 'content_block_delta', index, delta })
  const close = () => event({ type: 'content_block_stop', index: index++ })
  const pieces = (text: string) => text.match(/.{1,7}/gsu) ?? []

  return {
    begin,
    open,
    grow,
    close,
    text(text: string) {
      open({ type: 'text', text: '' })
      for (const piece of pieces(text)) grow({ type: 'text_delta', text: piece })
      close()
    },
    thinking(text: string, signature = 'signed') {
      open({ type: 'thinking', thinking: '', signature: '' })
      for (const piece of pieces(text)) grow({ type: 'thinking_delta', thinking: piece })
      grow({ type: 'signature_delta', signature })
      close()
    },
    call(name: string, input: unknown, id?: string) {
      this.json(name, JSON.stringify(input), id)
    },
    json(name: string, json: string, id = `toolu_${Math.random().toString(36).slice(2)}`) {
      open({ type: 'tool_use', id, name, input: {} })
      for (const piece of pieces(json)) grow({ type: 'input_json_delta', partial_json: piece })
      close()
    },
    end(stop_reason = 'end_turn', usage: Record<string, number> = {}) {
      const counted = { output_tokens: 50, ...usage }
      event({ type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage: counted })
      event({ type: 'message_stop' })
      response.end()
    },
    onGone(gone: () => void) {
      response.once('close', gone)
    },
    /** The connection is gone in the middle of it. */
    cut() {
      if (begun) response.write(':\n\n', () => response.destroy())
      else response.destroy()
    },
    fail(type: string, message: string) {
      event({ type: 'error', error: { type, message } })
      response.end()
    },
    refuse(status: number, type: string, message: string, headers: Record<string, string> = {}) {
      response.writeHead(status, { 'content-type': 'application/json', ...headers })
      response.end(JSON.stringify({ type: 'error', error: { type, message } }))
    },
  }
}
