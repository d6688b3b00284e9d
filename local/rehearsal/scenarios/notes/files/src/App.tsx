import { Markdown } from './markdown'
import { NoteList } from './note-list'
import { useNotes } from './use-notes'

export default function App() {
  const { notes, current, select, add, write, remove } = useNotes()

  return (
    <div className="flex min-h-dvh flex-col md:h-dvh md:flex-row">
      <title>Notes</title>
      <aside className="flex flex-col border-line border-b bg-surface md:w-64 md:border-r md:border-b-0">
        <header className="flex items-center justify-between p-4">
          <h1 className="text-lg font-semibold tracking-tight">Notes</h1>
          <button
            type="button"
            onClick={add}
            className="rounded-lg bg-accent px-3 py-1.5 text-sm font-medium text-on-accent"
          >
            New
          </button>
        </header>
        <NoteList notes={notes} current={current?.id} onSelect={select} />
      </aside>

      {current ? (
        <main className="grid min-h-0 flex-1 md:grid-cols-2">
          <textarea
            key={current.id}
            value={current.text}
            onChange={(event) => write(current.id, event.target.value)}
            aria-label="Text of the note, in Markdown"
            spellCheck
            className="min-h-72 resize-none border-line border-b p-6 font-mono text-sm leading-relaxed md:border-r md:border-b-0"
          />
          <article aria-label="Preview" className="overflow-y-auto p-6">
            <Markdown text={current.text} />
            <footer className="mt-10 flex items-center gap-4 border-line border-t pt-3 text-xs text-muted">
              <span className="flex-1">{new Date(current.changedAt).toLocaleString()}</span>
              <button type="button" onClick={() => remove(current.id)} className="hover:text-danger">
                Delete
              </button>
            </footer>
          </article>
        </main>
      ) : (
        <p className="grid flex-1 place-items-center text-muted">Press “New” to write the first note.</p>
      )}
    </div>
  )
}
