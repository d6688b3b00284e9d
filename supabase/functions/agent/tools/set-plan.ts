import type { PlanItem } from '../../_shared/protocol.ts'
import { done, LIMIT_MS, type Tool } from './tool.ts'

type Input = { needs_approval?: boolean; items: PlanItem[] }

export const setPlan: Tool<Input> = {
  name: 'set_plan',
  description: `Shows the people in this chat a checklist of what you are doing, and replaces the one before.

Use it for work of three steps or more: once at the beginning, and again, in the same answer as other tools, when a step begins or is done. One item at a time is "doing". Small requests need no plan.

With "needs_approval" it waits until a person approves or rejects the plan, and the result is their decision as JSON, with their note: for work that would be costly to undo, or when they asked to see the plan first. A rejected plan is changed as the note says and shown again.`,
  schema: {
    type: 'object',
    properties: {
      needs_approval: {
        type: 'boolean',
        description: 'Wait until a person approves the plan. Default: false.',
      },
      items: {
        type: 'array',
        maxItems: 20,
        items: {
          type: 'object',
          properties: {
            text: {
              type: 'string',
              minLength: 1,
              maxLength: 200,
              description: 'The step, as people would say it.',
            },
            state: { type: 'string', enum: ['todo', 'doing', 'done'] },
          },
          required: ['text', 'state'],
          additionalProperties: false,
        },
      },
    },
    required: ['items'],
    additionalProperties: false,
  },
  permission: 'write or ask',
  limitMs: LIMIT_MS,
  paths: () => [],
  async run({ needs_approval = false, items }) {
    if (needs_approval) return { kind: 'asked', question: { plan: items } }
    const finished = items.filter(({ state }) => state === 'done').length
    return done(`The plan has ${items.length} steps, ${finished} of them done.`, [
      { kind: 'set_plan', items },
    ])
  },
}
