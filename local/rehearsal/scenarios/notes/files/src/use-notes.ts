import { useState } from 'react'
import { useStored } from './use-stored'

export type Note = { id: string; text: string; changedAt: number }

const WELCOME = `# Welcome

Notes are written in **Markdown**: *italic*, **bold**, \`code\`, and [links](https://commonmark.org/help/).

- [x] Open this page
- [ ] Write the first note
- [ ] Close the tab, and find everything again

> What is not written down is forgotten by Thursday.`

const SHOPPING = `# Saturday

- Bread from the corner
- Two lemons
- Film for the camera`

const EXAMPLES: Note[] = [
  { id: 'a', text: WELCOME, changedAt: Date.now() },
  { id: 'b', text: SHOPPING, changedAt: Date.now() - 86_400_000 },
]

export function useNotes() {
  const [notes, setNotes] = useStored<Note[]>('notes', EXAMPLES)
  const [selected, select] = useState(notes[0]?.id ?? '')
  const sorted = notes.toSorted((one, other) => other.changedAt - one.changedAt)

  return {
    notes: sorted,
    current: notes.find((note) => note.id === selected) ?? sorted[0],
    select,
    add() {
      const note = { id: crypto.randomUUID(), text: '# ', changedAt: Date.now() }
      setNotes((all) => [note, ...all])
      select(note.id)
    },
    write: (id: string, text: string) =>
      setNotes((all) =>
        all.map((note) => (note.id === id ? { ...note, text, changedAt: Date.now() } : note)),
      ),
    remove: (id: string) => setNotes((all) => all.filter((note) => note.id !== id)),
  }
}

export const titleOf = ({ text }: Note) =>
  text
    .split('\n')[0]
    ?.replace(/^#+\s*/, '')
    .trim() || 'New note'
