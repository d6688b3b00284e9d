import { type FormEvent, useState } from 'react'

export function AddTask({ onAdd }: { onAdd: (title: string) => void }) {
  const [title, setTitle] = useState('')

  function submit(event: FormEvent) {
    event.preventDefault()
    const trimmed = title.trim()
    if (!trimmed) return
    onAdd(trimmed)
    setTitle('')
  }

  return (
    <form onSubmit={submit} className="flex gap-2">
      <input
        value={title}
        onChange={(event) => setTitle(event.target.value)}
        aria-label="New task"
        placeholder="Add a task"
        className="h-11 min-w-0 flex-1 rounded-xl border border-line bg-surface px-4 placeholder:text-muted"
      />
      <button
        type="submit"
        disabled={!title.trim()}
        className="h-11 rounded-xl bg-accent px-5 font-medium text-on-accent transition-opacity disabled:opacity-40"
      >
        Add
      </button>
    </form>
  )
}
