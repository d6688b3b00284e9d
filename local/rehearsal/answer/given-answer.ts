import type { Item } from '../conversation/conversation.ts'

/** What a person answered to the last question, or decided about a plan, in words; a tool tells it as JSON. */
export function givenAnswer(items: Item[]): string {
  const asked = items.findLast((item) => item.kind === 'call' && !item.failed && isQuestion(item))
  return asked?.kind === 'call' ? wordsIn(parsed(asked.result)).join(', ') : ''
}

const isQuestion = ({ name, input }: { name: string; input: object }) =>
  name === 'ask_user' || (name === 'set_plan' && 'needs_approval' in input)

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function wordsIn(value: unknown): string[] {
  if (typeof value === 'boolean') return [value ? 'yes' : 'no']
  if (typeof value === 'string') return value.trim() ? [value.trim()] : []
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(wordsIn) : []
}

/** Puts the answer where a script says `{{answer}}`, harmless for a string in code. */
export function fillIn<T>(value: T, answer: string): T {
  const safe = answer.replace(/[^\p{L}\p{N} ,.!?&+-]/gu, '').slice(0, 60)
  return JSON.parse(JSON.stringify(value).replaceAll('{{answer}}', safe)) as T
}
