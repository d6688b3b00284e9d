/** What the model can know of the files: what it wrote and read in this conversation. `null` is a file that is gone. */
import type { Edit } from '../script/script.ts'
import type { Call, Item } from './conversation.ts'

export type KnownFiles = Map<string, string | null>

export function knownFiles(items: Item[]): KnownFiles {
  const files: KnownFiles = new Map()
  for (const item of items) if (item.kind === 'call') learn(files, item)
  return files
}

function learn(files: KnownFiles, call: Call): void {
  const { path, from, to } = call.input as { path: string; from: string; to: string }
  if (call.failed) {
    // A file that is not as it was thought to be is not known any more.
    if (call.name === 'edit_file' || call.name === 'write_file') files.delete(path)
    if (call.name === 'read_file' && isMissing(call)) files.set(path, null)
  } else if (call.name === 'write_file') files.set(path, String(call.input.content))
  else if (call.name === 'delete_file') files.set(path, null)
  else if (call.name === 'read_file') learnByReading(files, path, call.result)
  else if (call.name === 'edit_file') learnByEditing(files, path, call.input.edits as Edit[])
  else if (call.name === 'move_file') {
    if (files.has(from)) files.set(to, files.get(from)!)
    files.set(from, null)
  }
}

export const isMissing = ({ result }: Call) =>
  /no (such )?file|not (found|exist)|does not exist/i.test(result)

/** The tool shows a header, then numbered lines; only a file that was shown whole is known. */
function learnByReading(files: KnownFiles, path: string, shown: string): void {
  if (/ is empty\.$/.test(shown)) files.set(path, '')
  const [header = '', ...lines] = shown.split('\n')
  const numbered = lines.map((line) => /^(\d+)\t(.*)$/.exec(line))
  const isWhole =
    /, \d+ lines?:$/.test(header) && numbered.every((line, index) => Number(line?.[1]) === index + 1)
  if (isWhole) files.set(path, `${numbered.map((line) => line![2]).join('\n')}\n`)
}

function learnByEditing(files: KnownFiles, path: string, edits: Edit[]): void {
  const content = files.get(path)
  if (typeof content !== 'string') return
  files.set(
    path,
    edits.reduce((text, { search, replace }) => text.replace(search, () => replace), content),
  )
}
