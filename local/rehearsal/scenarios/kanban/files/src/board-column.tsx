import { type ReactNode, useState } from 'react'
import type { Column } from './board'

type Props = {
  column: Column
  count: number
  onDrop: (id: string) => void
  onAdd: (title: string) => void
  children: ReactNode
}

export function BoardColumn({ column, count, onDrop, onAdd, children }: Props) {
  const [title, setTitle] = useState('')

  return (
    <section
      aria-label={column}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => onDrop(event.dataTransfer.getData('text/plain'))}
      className="flex min-h-60 flex-col rounded-xl bg-ink/5 p-3"
    >
      <h2 className="mb-3 flex items-center justify-between px-1 text-sm font-semibold">
        {column}
        <span className="rounded-full bg-surface px-2 py-0.5 text-xs font-medium text-muted tabular-nums">
          {count}
        </span>
      </h2>
      <ul className="flex flex-1 flex-col gap-2">{children}</ul>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (title.trim()) onAdd(title.trim())
          setTitle('')
        }}
        className="mt-3"
      >
        <input
          value={title}
          onChange={(event) => setTitle(event.target.value)}
          aria-label={`New card in ${column}`}
          placeholder="Add a card"
          className="w-full rounded-lg border border-transparent px-3 py-2 text-sm placeholder:text-muted hover:border-line focus:border-line focus:bg-surface"
        />
      </form>
    </section>
  )
}
