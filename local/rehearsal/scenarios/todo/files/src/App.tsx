import { AddTask } from './add-task'
import { TaskItem } from './task-item'
import { useTasks } from './use-tasks'

export default function App() {
  const { tasks, add, toggle, rename, remove } = useTasks()
  const open = tasks.filter((task) => !task.done).length

  return (
    <main className="mx-auto max-w-xl px-5 py-12 sm:py-20">
      <title>Tasks</title>
      <header className="mb-6 flex items-baseline justify-between gap-4">
        <h1 className="text-3xl font-semibold tracking-tight">Tasks</h1>
        <p className="text-sm text-muted" aria-live="polite">
          {open === 0 ? 'All done' : `${open} open`}
        </p>
      </header>

      <AddTask onAdd={add} />

      {tasks.length === 0 ? (
        <p className="mt-12 text-center text-muted">Nothing here yet. What is the next thing to do?</p>
      ) : (
        <ul className="mt-4 divide-y divide-line overflow-hidden rounded-xl border border-line bg-surface">
          {tasks.map((task) => (
            <TaskItem
              key={task.id}
              task={task}
              onToggle={() => toggle(task.id)}
              onRename={(title) => rename(task.id, title)}
              onRemove={() => remove(task.id)}
            />
          ))}
        </ul>
      )}
    </main>
  )
}
