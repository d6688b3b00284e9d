import { useState } from 'react'
import type { Card } from './board'

type Props = {
  card: Card
  onDrop: (id: string) => void
  onStep: (key: string) => void
  onRemove: () => void
}

export function BoardCard({ card, onDrop, onStep, onRemove }: Props) {
  const [isOver, setOver] = useState(false)

  return (
    <li
      draggable
      onDragStart={(event) => event.dataTransfer.setData('text/plain', card.id)}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        event.stopPropagation()
        setOver(false)
        onDrop(event.dataTransfer.getData('text/plain'))
      }}
      className={`group cursor-grab rounded-lg border bg-surface p-3 active:cursor-grabbing ${
        isOver ? 'border-accent shadow-[0_-3px_0_var(--color-accent)]' : 'border-line'
      }`}
    >
      <div className="flex items-start gap-2">
        <button
          type="button"
          onKeyDown={(event) => {
            if (!event.key.startsWith('Arrow')) return
            event.preventDefault()
            onStep(event.key)
          }}
          aria-label={`${card.title}, in ${card.column}. Move it with the arrow keys.`}
          className="min-w-0 flex-1 cursor-grab rounded text-left text-sm leading-snug break-words"
        >
          {card.title}
        </button>
        <button
          type="button"
          onClick={onRemove}
          aria-label={`Delete ${card.title}`}
          className="-m-1 p-1 text-muted opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 hover:text-danger"
        >
          <svg
            viewBox="0 0 16 16"
            className="size-4"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.5"
            aria-hidden
          >
            <path d="M4 4l8 8M12 4l-8 8" strokeLinecap="round" />
          </svg>
        </button>
      </div>
    </li>
  )
}
