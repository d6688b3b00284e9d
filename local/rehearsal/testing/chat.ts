/** Talks to the rehearsal model as the agent does: streams through Anthropic's SDK, runs the tools, goes on. */
import Anthropic from '@anthropic-ai/sdk'
import { expect } from 'vitest'
import { Project, TOOL_DEFINITIONS } from './project.ts'

type Content = Anthropic.ContentBlockParam[]
export type Turn = { content: Anthropic.ContentBlock[]; stopReason: string | null; usage: Anthropic.Usage }

const MOST_TURNS = 60

export class Chat {
  readonly project: Project
  readonly messages: Anthropic.MessageParam[] = []
  maxTokens = 32_000
  /** What is left of an answer whose stream was cut; the whole of it, unless a test says otherwise. */
  cut = (content: Anthropic.ContentBlock[]) => content
  private readonly client: Anthropic

  constructor(port: number, project = new Project()) {
    this.project = project
    this.client = new Anthropic({ apiKey: 'rehearsal', baseURL: `http://127.0.0.1:${port}`, maxRetries: 0 })
  }

  /** Everything up to the end of the run. */
  async say(text: string, content: Content = []): Promise<Turn[]> {
    this.add('user', [...content, { type: 'text', text }])
    const turns: Turn[] = []
    while (turns.length < MOST_TURNS) {
      const whole = await this.ask()
      const turn = { ...whole, content: this.cut(whole.content) }
      turns.push(turn)
      if (turn.content.length === 0) continue
      this.add('assistant', turn.content as Content)
      const calls = turn.content.filter((block) => block.type === 'tool_use')
      if (calls.length > 0) this.add('user', await Promise.all(calls.map((call) => this.result(call))))
      else if (turn.stopReason === 'end_turn' && sameText(turn, whole)) return turns
      else
        this.add('user', [
          { type: 'text', text: '[Baton] Your answer ended early. Go on from where it ended.' },
        ])
    }
    throw new Error(`"${text}" is still not over after ${MOST_TURNS} turns.`)
  }

  /** One call of the model, without what it asks for. */
  async ask(): Promise<Turn> {
    const stream = this.client.messages.stream({
      model: 'claude-sonnet-5-5',
      max_tokens: this.maxTokens,
      system: 'You build apps.',
      tools: TOOL_DEFINITIONS as unknown as Anthropic.Tool[],
      messages: this.messages,
    })
    const { content, stop_reason, usage } = await stream.finalMessage()
    return { content, stopReason: stop_reason, usage }
  }

  add(role: 'user' | 'assistant', content: Content): void {
    const last = this.messages.at(-1)
    if (last?.role === role) (last.content as Content).push(...content)
    else this.messages.push({ role, content })
  }

  async result(call: Anthropic.ToolUseBlock): Promise<Anthropic.ToolResultBlockParam> {
    const { text, isError } = await this.project.run(call.name, JSON.stringify(call.input))
    return {
      type: 'tool_result',
      tool_use_id: call.id,
      content: text,
      ...(isError ? { is_error: true } : {}),
    }
  }
}

const sameText = (one: Turn, other: Turn) => JSON.stringify(one.content) === JSON.stringify(other.content)

export const textOf = (turns: Turn[]): string =>
  turns.flatMap(({ content }) => content.map((block) => (block.type === 'text' ? block.text : ''))).join('\n')

export const callsOf = (turns: Turn[]): string[] =>
  turns.flatMap(({ content }) =>
    content.flatMap((block) => {
      if (block.type !== 'tool_use') return []
      const { path, name } = block.input as { path?: string; name?: string }
      return [`${block.name}${path ? ` ${path}` : name ? ` ${name}` : ''}`]
    }),
  )

/** No tool refused anything. */
export function expectNoErrors({ messages }: Chat): void {
  const errors = messages.flatMap(({ content }) =>
    (content as Content).flatMap((block) =>
      block.type === 'tool_result' && block.is_error ? [block.content] : [],
    ),
  )
  expect(errors).toEqual([])
}
