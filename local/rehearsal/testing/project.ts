/** A project in memory, changed by the tools that the agent gives to the model. */
import { parseInput } from '../../../supabase/functions/agent/parse-input.ts'
import { readyCall, TOOL_DEFINITIONS } from '../../../supabase/functions/agent/tools/index.ts'
import { previewOf } from '../../../supabase/functions/agent/tools/testing.ts'
import {
  type Effect,
  type FileContent,
  ToolError,
  type Workspace,
} from '../../../supabase/functions/agent/tools/tool.ts'
import { readTemplate } from '../../schema/template.ts'

export { TOOL_DEFINITIONS }

export type Result = { text: string; isError: boolean }

export class Project {
  readonly files = new Map<string, { content: string; version: number }>()
  name = 'New app'
  plan: { text: string; state: string }[] = []
  /** What a person says to a question. */
  answer = 'Wedding'
  private version = 0
  private readonly seen = new Map<string, number>()

  constructor(files: Record<string, string> = readTemplate()) {
    for (const [path, content] of Object.entries(files)) this.save(path, content)
  }

  /** By hand, as a person does it. */
  save(path: string, content: string): void {
    this.version += 1
    this.files.set(path, { content, version: this.version })
  }

  async run(name: string, json: string): Promise<Result> {
    try {
      const { tool, input } = readyCall(name, parseInput(json, name))
      const outcome = await tool.run(input, this.workspace, previewOf())
      if (outcome.kind === 'asked') return { text: JSON.stringify({ answer: this.answer }), isError: false }
      for (const effect of outcome.effects) this.apply(effect)
      return { text: outcome.result, isError: false }
    } catch (error) {
      if (error instanceof ToolError) return { text: error.message, isError: true }
      throw error
    }
  }

  private apply(effect: Effect): void {
    if ('base_version' in effect)
      this.checkVersion('path' in effect ? effect.path : effect.from, effect.base_version)
    if (effect.kind === 'write') {
      this.save(effect.path, effect.content)
      this.seen.set(effect.path, this.version)
    } else if (effect.kind === 'delete') this.files.delete(effect.path)
    else if (effect.kind === 'move') {
      this.save(effect.to, this.files.get(effect.from)!.content)
      this.files.delete(effect.from)
    } else if (effect.kind === 'rename_app') this.name = effect.name
    else if (effect.kind === 'set_plan') this.plan = effect.items
  }

  private checkVersion(path: string, base: number): void {
    if ((this.files.get(path)?.version ?? 0) === base) return
    throw new ToolError(
      'conflict',
      `${path} was changed since you read it. Read it again and make your change on top.`,
    )
  }

  private readonly workspace: Workspace = {
    list: async () => this.all().map(({ content: _, ...entry }) => entry),
    read: async (path) => this.all().find((file) => file.path === path) ?? null,
    readAll: async () => this.all(),
    versionSeen: (path) => this.seen.get(path),
    saw: (path, version) => {
      this.seen.set(path, version)
    },
  }

  private all(): FileContent[] {
    return [...this.files].map(([path, file]) => ({ path, ...file, size: file.content.length }))
  }
}
