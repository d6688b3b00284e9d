/**
 * Writes what the model says into an entry while it says it: gathered for a moment, each piece at its offset. Offsets
 * count UTF-16 units. The halves of a character outside the basic plane may come in two pieces, and neither could be
 * stored alone, so the first waits for the second.
 */
import { storableText } from './storable.ts'

type Append = (offset: number, text: string) => void

export type EntryWriter = {
  /** All that was said, as it is stored. */
  readonly text: string
  add(text: string): void
  /** Writes what is left, down to the last unit. */
  flush(): void
  /** Leaves it to the caller to write what is left. */
  end(): Tail
}

export type Tail = { offset: number; text: string }

export function createEntryWriter(append: Append, delayMs: () => number): EntryWriter {
  let text = ''
  let written = 0
  let held = ''
  let timer: ReturnType<typeof setTimeout> | undefined

  const rest = (): Tail => {
    const left = { offset: written, text: text.slice(written) }
    written = text.length
    return left
  }

  const write = () => {
    timer = undefined
    const { offset, text: left } = rest()
    if (left) append(offset, left)
  }

  const complete = () => {
    clearTimeout(timer)
    if (held) text += '\ufffd'
    held = ''
  }

  return {
    get text() {
      return text
    },
    add(more) {
      const all = held + more
      const splits = /[\ud800-\udbff]$/.test(all)
      held = splits ? all.slice(-1) : ''
      text += storableText(splits ? all.slice(0, -1) : all)
      timer ??= setTimeout(write, delayMs())
    },
    flush() {
      complete()
      write()
    },
    end() {
      complete()
      return rest()
    },
  }
}
