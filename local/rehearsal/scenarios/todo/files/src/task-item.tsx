import { type KeyboardEvent, useState } from 'react'
import type { Task } from './use-tasks'

type Props = {
  task: Task
  onToggle: () => void
  onRename: (title: string) => void
  onRemove: () => void
}

export function TaskItem({ task, onToggle, onRename, onRemove }: Props) {
  const [draft, setDraft] = useState<string | null>(null)

  function save() {
    const title = draft?.trim()
    if (title) onRename(title)
    setDraft(null)
  }

  function onKey(event: KeyboardEvent) {
    if (event.key === 'Enter') save()
    if (event.key === 'Escape') setDraft(null)
  }

  return (
    <li className="group flex items-center gap-3 px-4 py-3">
      <input
        type="checkbox"
        checked={task.done}
        onChange={onToggle}
        aria-label={`${task.title} is done`}
        className="size-5 shrink-0 accent-accent"
      />
      {draft === null ? (
        <button
          type="button"
          onDoubleClick={() => setDraft(task.title)}
          onKeyDown={(event) => event.key === 'Enter' && setDraft(task.title)}
          title="Double-click, or press Enter, to edit"
          className={`min-w-0 flex-1 cursor-text text-left break-words ${task.done ? 'text-muted line-through' : ''}`}
        >
          {task.title}
        </button>
      ) : (
        <input
          ref={(input) => input?.focus()}
          value={draft}
          onChange={(event) => setDraft(event.target.value)}
          onKeyDown={onKey}
          onBlur={save}
          aria-label="Title of the task"
          className="min-w-0 flex-1 rounded-md bg-canvas px-2 py-1"
        />
      )}
      <button
        type="button"
        onClick={onRemove}
        aria-label={`Delete ${task.title}`}
        className="grid size-8 shrink-0 place-items-center rounded-md text-muted opacity-0 transition-opacity group-focus-within:opacity-100 group-hover:opacity-100 hover:text-danger max-sm:opacity-100"
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
    </li>
  )
}
