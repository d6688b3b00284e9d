import { LIMIT_MS, type Tool } from './tool.ts'

type Input = {
  question: string
  options?: { label: string; description?: string }[]
  multiple?: boolean
  free_text?: boolean
}

export const askUser: Tool<Input> = {
  name: 'ask_user',
  description: `Asks the people in this chat a question, and waits until one of them answers, however long that takes.

Ask only what you cannot find out or sensibly decide, and what would be costly to change later; else decide, say so, and go on. Give two to four options where you can, your recommendation first; without options the answer is free text. Other tools of the same answer run meanwhile, but nothing else happens until the question is answered. The result is the answer as JSON.`,
  schema: {
    type: 'object',
    properties: {
      question: {
        type: 'string',
        minLength: 1,
        maxLength: 1_000,
        description: 'One question, complete in itself.',
      },
      options: {
        type: 'array',
        maxItems: 8,
        items: {
          type: 'object',
          properties: {
            label: {
              type: 'string',
              minLength: 1,
              maxLength: 120,
              description: 'What is chosen, in a few words.',
            },
            description: { type: 'string', maxLength: 400, description: 'What it would mean.' },
          },
          required: ['label'],
          additionalProperties: false,
        },
      },
      multiple: { type: 'boolean', description: 'More than one option may be chosen.' },
      free_text: { type: 'boolean', description: 'An answer in own words is possible too. Default: true.' },
    },
    required: ['question'],
    additionalProperties: false,
  },
  permission: 'ask',
  limitMs: LIMIT_MS,
  paths: () => [],
  async run({ question, options = [], multiple = false, free_text = true }) {
    return {
      kind: 'asked',
      question: { question, options, multiple, free_text: free_text || options.length === 0 },
    }
  },
}
