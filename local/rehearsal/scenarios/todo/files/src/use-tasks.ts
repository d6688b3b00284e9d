import { useStored } from './use-stored'

export type Task = { id: string; title: string; done: boolean }

const EXAMPLES: Task[] = [
  { id: 'a', title: 'Water the plants', done: true },
  { id: 'b', title: 'Book the train to Vienna', done: false },
  { id: 'c', title: 'Call the bike shop about the brakes', done: false },
]

export function useTasks() {
  const [tasks, setTasks] = useStored<Task[]>('tasks', EXAMPLES)

  const change = (id: string, changes: Partial<Task>) =>
    setTasks((all) => all.map((task) => (task.id === id ? { ...task, ...changes } : task)))

  return {
    tasks,
    add: (title: string) => setTasks((all) => [{ id: crypto.randomUUID(), title, done: false }, ...all]),
    toggle: (id: string) =>
      setTasks((all) => all.map((task) => (task.id === id ? { ...task, done: !task.done } : task))),
    rename: (id: string, title: string) => change(id, { title }),
    remove: (id: string) => setTasks((all) => all.filter((task) => task.id !== id)),
  }
}
