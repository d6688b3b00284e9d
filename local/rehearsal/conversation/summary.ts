/**
 * When a conversation becomes too long, Baton asks for a summary that takes its place. Ours says for people what was
 * wanted and done, and for ourselves which tool calls were made, so that the work goes on where it was.
 */
import type { Item } from './conversation.ts'
import { knownFiles } from './known-files.ts'

const ASKED = /^\[Baton\] This conversation is about to become too long/
const TAKEN = /^\[Baton\] The conversation became too long/

export const asksForSummary = (items: Item[]): boolean => {
  const last = items.at(-1)
  return last?.kind === 'user' && ASKED.test(last.text)
}

export function summaryOf(items: Item[]): string {
  const wishes = items.flatMap((item) =>
    item.kind === 'user' && !isFromBaton(item.text) ? [oneLine(item.text)] : [],
  )
  const last = items.findLastIndex((item) => item.kind === 'user' && !isFromBaton(item.text))
  const calls = items.slice(last + 1).flatMap((item) => (item.kind === 'call' && !item.failed ? [item] : []))
  const files = [...knownFiles(items)].filter(([, content]) => content !== null).map(([path]) => path)
  const question = calls.findLast(({ name }) => name === 'ask_user')
  return [
    `## What is wanted\n\n${wishes.map((wish) => `- “${wish}”`).join('\n')}`,
    `## How the project is built\n\n${files.map((path) => `- \`${path}\``).join('\n') || 'Nothing was written yet.'}`,
    `## What was done for the last wish\n\n${calls.map(({ id, name }) => `- \`${name}\` as \`${placeOf(id)}\``).join('\n') || 'Nothing yet.'}`,
    ...(question ? [`The question was answered: ${oneLine(question.result)}`] : []),
    '## What is open\n\nThe rest of the last wish, if anything is left of it.',
  ].join('\n\n')
}

/** A summary, read back as the items that it stands for. */
export function itemsOfSummary(text: string): Item[] | null {
  if (!TAKEN.test(text)) return null
  const wishes = [...text.matchAll(/^- “(.+)”$/gm)].map(
    ([, wish]): Item => ({ kind: 'user', text: wish!, midway: false }),
  )
  const calls = [...text.matchAll(/^- `(\w+)` as `(toolu_[\w-]+)`$/gm)].map(
    ([, name, place]): Item => ({
      kind: 'call',
      id: `${place}_try0_`,
      name: name === 'ask_user' ? name : 'done',
      input: {},
      result: /^The question was answered: (.+)$/m.exec(text)?.[1] ?? '',
      failed: false,
    }),
  )
  return [...wishes, ...calls]
}

export const isFromBaton = (text: string) => text.startsWith('[Baton]')

const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim().slice(0, 500)
const placeOf = (id: string) => id.split('_').slice(0, 4).join('_')
