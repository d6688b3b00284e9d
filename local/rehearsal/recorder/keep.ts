/** Keeps what was recorded as scenarios: a folder for each conversation, written anew whenever it has grown. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fingerprint } from '../protocol/events.ts'
import { blocksOf, type Message } from '../protocol/messages.ts'
import { transcribe } from './transcribe.ts'

/** Answers the folder that the conversation is kept in. */
export function keepRecordings(dir: string, name: string): (messages: Message[]) => string {
  const names = new Map<string, string>()
  return (messages) => {
    const key = fingerprint(
      blocksOf(messages[0]!.content).map(({ cache_control: _, ...block }) => block),
      32,
    )
    if (!names.has(key)) names.set(key, names.size === 0 ? name : `${name}-${names.size + 1}`)
    const slug = names.get(key)!
    const folder = join(dir, slug)
    const { script, files } = transcribe(messages)
    rmSync(folder, { recursive: true, force: true })
    write(join(folder, `${slug}.script`), script)
    for (const [path, content] of files) {
      const place = normalize(join('files', path))
      if (place.startsWith('files')) write(join(folder, place), content)
    }
    return folder
  }
}

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
}
