/** Takes back the last change that was made in this conversation, by the edits that made it, the other way round. */
import type { Call, Item } from '../../conversation/conversation.ts'
import { knownFiles } from '../../conversation/known-files.ts'
import type { Answer, Edit, Part } from '../../script/script.ts'
import { type ComputedRequest, call, say } from '../computed.ts'

export const undo: ComputedRequest = {
  slug: 'undo',
  example: 'Undo that',
  when: /^\W*(?:please )?(?:undo|revert|roll back|take (?:that|it) back|go back)\b/i,
  needs: [],
  answers({ before }): Answer[] {
    const change = lastChange(before)
    if (!change) {
      const text =
        'There is no change in this conversation that I could take back. Every turn is a checkpoint: the list of versions restores any of them, the first one too.'
      return [{ parts: [say(text)] }]
    }
    const parts = inverse(before, change)
    const files = new Set(
      parts.flatMap((part) => (part.kind === 'call' ? [part.input.path] : 'path' in part ? [part.path] : [])),
    )
    const list = [...files]
      .filter(Boolean)
      .map((path) => `\`${path}\``)
      .join(', ')
    return [
      { parts: [say('I take the last change back.'), ...parts] },
      { parts: [say(`That is undone: ${list || 'the name'} ${files.size > 1 ? 'are' : 'is'} as before.`)] },
    ]
  },
}

type Change = { from: number; calls: Call[] }

/** Changes pile up, and an undo takes the topmost away; a first version is not a change. */
function lastChange(items: Item[]): Change | undefined {
  const pile: Change[] = []
  let group: Change & { key: string } = { from: 0, calls: [], key: '' }
  items.forEach((item, index) => {
    if (item.kind !== 'call' || item.failed || !isChange(item)) return
    const key = keyOf(item, items, index)
    if (key !== group.key) {
      group = { from: index, calls: [], key }
      if (key.startsWith('undo')) pile.pop()
      else pile.push(group)
    }
    group.calls.push(item)
  })
  const last = pile.at(-1)
  const canBeUndone = last?.calls.every((made) => made.name !== 'write_file' || isNew(items, made))
  return canBeUndone ? last : undefined
}

const isChange = ({ name }: Call) => ['write_file', 'edit_file', 'rename_app'].includes(name)

/** The script that made the call, and the request of the person before it. */
function keyOf({ id }: Call, items: Item[], index: number): string {
  const slug = id.split('_')[1] ?? ''
  return `${slug}:${items.slice(0, index).filter(({ kind }) => kind === 'user').length}`
}

/** Before this call nothing was known of the file, and it was no part of a new project. */
function isNew(items: Item[], made: Call): boolean {
  const path = String(made.input.path)
  const before = knownFiles(items.slice(0, items.indexOf(made))).get(path)
  return before === undefined && !['src/App.tsx', 'src/index.css', 'src/main.tsx'].includes(path)
}

function inverse(items: Item[], { from, calls }: Change): Part[] {
  return calls.toReversed().flatMap((made): Part[] => {
    const path = String(made.input.path)
    if (made.name === 'write_file') return [call('delete_file', { path })]
    if (made.name === 'rename_app') return formerName(items.slice(0, from))
    const edits = (made.input.edits as Edit[]).toReversed()
    return [
      {
        kind: 'edit',
        path,
        edits: edits.map(({ search, replace }) => ({ search: replace, replace: search })),
      },
    ]
  })
}

function formerName(items: Item[]): Part[] {
  const named = items.findLast((item) => item.kind === 'call' && item.name === 'rename_app' && !item.failed)
  return named?.kind === 'call' ? [call('rename_app', named.input)] : []
}
