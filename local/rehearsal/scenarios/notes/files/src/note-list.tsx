import { type Note, titleOf } from './use-notes'

type Props = { notes: Note[]; current: string | undefined; onSelect: (id: string) => void }

export function NoteList({ notes, current, onSelect }: Props) {
  const shown = notes

  return (
    <nav aria-label="Notes" className="max-h-48 overflow-y-auto px-2 pb-2 md:max-h-none md:flex-1">
      {shown.map((note) => (
        <button
          key={note.id}
          type="button"
          aria-current={note.id === current}
          onClick={() => onSelect(note.id)}
          className="block w-full rounded-lg px-3 py-2 text-left hover:bg-ink/5 aria-[current=true]:bg-accent/15"
        >
          <span className="block truncate text-sm font-medium">{titleOf(note)}</span>
          <span className="block text-xs text-muted">
            {new Date(note.changedAt).toLocaleDateString(undefined, { day: 'numeric', month: 'short' })}
          </span>
        </button>
      ))}
      {shown.length === 0 && <p className="px-3 py-6 text-sm text-muted">No notes.</p>}
    </nav>
  )
}
