import { done, LIMIT_MS, type Tool, ToolError } from './tool.ts'

type Input = { name: string }

export const renameApp: Tool<Input> = {
  name: 'rename_app',
  description: `Gives the app its name, which people see in their list of projects.

Use it once you know what is being built, or when somebody asks for another name. It does not change any file: a title on the page is yours to edit.`,
  schema: {
    type: 'object',
    properties: {
      name: { type: 'string', minLength: 1, maxLength: 80, description: 'A few words, as Weekly Planner.' },
    },
    required: ['name'],
    additionalProperties: false,
  },
  permission: 'write',
  limitMs: LIMIT_MS,
  paths: () => [],
  async run(input) {
    const name = input.name.trim().replace(/\s+/g, ' ')
    if (!name) throw new ToolError('invalid_input', 'The name is nothing but white space.')
    return done(`The app is now called ${name}.`, [{ kind: 'rename_app', name }])
  },
}
