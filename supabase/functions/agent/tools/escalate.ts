import type { Confidence, Priority } from '../../_shared/protocol.ts'
import { done, LIMIT_MS, type Tool } from './tool.ts'

type Input = { reason: string; tried: string; needs: string; priority?: Priority; confidence?: Confidence }

export const escalate: Tool<Input> = {
  name: 'escalate',
  description: `Calls a senior of the team for help, and waits until somebody answers, however long that takes.

Only when you are stuck: what you tried did not work, the same error comes back, or something is missing that nobody in this chat can give you. Not for questions that the people here can answer (use ask_user), and not for what you can find out. Say everything in one call: whoever comes sees it beside your steps. Nothing else happens after this answer until they come; what they say follows as a message.`,
  schema: {
    type: 'object',
    properties: {
      reason: {
        type: 'string',
        minLength: 1,
        maxLength: 300,
        description: 'The problem, in one sentence that is understood without having read the chat.',
      },
      tried: {
        type: 'string',
        minLength: 1,
        maxLength: 4_000,
        description: 'What you tried, and what came of it.',
      },
      needs: {
        type: 'string',
        minLength: 1,
        maxLength: 2_000,
        description: 'What would help you to go on.',
      },
      priority: {
        type: 'string',
        enum: ['low', 'normal', 'high', 'urgent'],
        description: 'How much it holds people up. Default: normal.',
      },
      confidence: {
        type: 'string',
        enum: ['low', 'medium', 'high'],
        description: 'How sure you are that you could go on without help.',
      },
    },
    required: ['reason', 'tried', 'needs'],
    additionalProperties: false,
  },
  permission: 'write',
  limitMs: LIMIT_MS,
  paths: () => [],
  async run({ reason, tried, needs, priority = 'normal', confidence = 'low' }) {
    return done('A senior was called. This waits until somebody answers; what they say follows.', [
      {
        kind: 'escalate',
        reason,
        priority,
        confidence,
        note: `What was tried: ${tried}\n\nWhat would help: ${needs}`,
      },
    ])
  },
}
