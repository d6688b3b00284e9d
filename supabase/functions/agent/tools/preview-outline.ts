import { done, LIMIT_MS, type Tool } from './tool.ts'

const WAIT_SECONDS = 8
const MOST_CHARACTERS = 20_000
const MOST_LINES = 30
const LONGEST_LINE = 320

export const previewOutline: Tool<Record<string, never>> = {
  name: 'preview_outline',
  description: `Shows what is on the page of the open preview at this moment: its elements with their roles, texts, classes and states, as an outline, and the last lines of its console.

Use it to see what people see, when they say that something looks or behaves wrongly and the code alone does not tell why. Somebody must have the preview open in their browser; otherwise the answer says that nobody has.`,
  schema: { type: 'object', properties: {}, additionalProperties: false },
  permission: 'read',
  limitMs: LIMIT_MS,
  paths: () => [],
  async run(_, __, preview) {
    const answer = await preview.ask(WAIT_SECONDS)
    return done(answer ? inWords(answer) : NOBODY)
  },
}

const NOBODY = `Nobody has the preview open, so nothing can be seen: no browser answered within ${WAIT_SECONDS} seconds. Go by the code and by read_preview_errors, or ask somebody to open the preview.`

function inWords(answer: Record<string, unknown>): string {
  const { outline, path, title, viewport, error, console } = answer
  if (typeof error === 'string') return `The open preview could not be looked at: ${error.slice(0, 1_000)}`
  return [pageInWords({ outline, path, title, viewport }), consoleInWords(console)]
    .filter(Boolean)
    .join('\n\n')
}

function pageInWords({ outline, path, title, viewport }: Record<string, unknown>): string {
  if (typeof outline !== 'string' || !outline.trim()) return 'The page of the open preview is empty.'
  const size = Object(viewport) as { width?: unknown; height?: unknown }
  const facts = [
    typeof path === 'string' ? `The page ${path.slice(0, 200)}` : 'The page',
    typeof title === 'string' && title ? `“${title.slice(0, 200)}”` : '',
    typeof size.width === 'number' && typeof size.height === 'number'
      ? `in a window of ${size.width} × ${size.height}`
      : '',
  ].filter(Boolean)
  const cut = outline.length > MOST_CHARACTERS ? '\n… the rest is not shown.' : ''
  return `${facts.join(' ')}:\n\n${outline.slice(0, MOST_CHARACTERS)}${cut}`
}

function consoleInWords(lines: unknown): string {
  if (!Array.isArray(lines) || lines.length === 0) return ''
  const told = lines.filter((line) => typeof line === 'string').slice(-MOST_LINES)
  return ['Its console:', ...told.map((line) => line.slice(0, LONGEST_LINE))].join('\n')
}
