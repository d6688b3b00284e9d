import type {
  BatonEvent,
  Comment,
  CommentsSnapshot,
  Thread,
} from '../../supabase/functions/_shared/protocol.ts'

/** A fold over the log of the project. The same object when the event says nothing about its threads. */
export function applyCommentEvent(state: CommentsSnapshot, event: BatonEvent): CommentsSnapshot {
  const threads = changed(state.threads, event)
  return threads === state.threads ? state : { ...state, threads }
}

function changed(threads: Thread[], event: BatonEvent): Thread[] {
  switch (event.kind) {
    case 'thread.opened':
    case 'thread.reopened':
      return withThread(threads, event.payload)
    case 'thread.resolved':
      return patch(threads, event.payload.id, (thread) => ({ ...thread, ...event.payload }))
    case 'comment.added':
      return patch(threads, event.payload.thread_id, (thread) => withComment(thread, event.payload))
    case 'comment.edited':
      return patch(threads, event.payload.thread_id, (thread) => ({
        ...thread,
        comments: thread.comments.map((one) => (one.id === event.payload.id ? event.payload : one)),
      }))
    case 'comment.deleted':
      return withoutComment(threads, event.payload)
    case 'entry.dropped':
      return keep(
        threads,
        ({ chat_id, turn }) => chat_id !== event.payload.chat_id || (turn ?? 0) < event.payload.from_turn,
      )
    case 'file.changed':
      return event.payload.op === 'move'
        ? moved(threads, event.payload.from_path, event.payload.path)
        : threads
    default:
      return threads
  }
}

function withThread(threads: Thread[], thread: Thread): Thread[] {
  const others = threads.filter(({ id }) => id !== thread.id)
  return [...others, thread].sort(oldestFirst)
}

function patch(threads: Thread[], id: string, change: (thread: Thread) => Thread): Thread[] {
  return threads.some((thread) => thread.id === id)
    ? threads.map((thread) => (thread.id === id ? change(thread) : thread))
    : threads
}

function withComment(thread: Thread, comment: Comment): Thread {
  const others = thread.comments.filter(({ id }) => id !== comment.id)
  return { ...thread, comments: [...others, comment].sort(oldestFirst) }
}

/** A thread goes with its last comment. */
function withoutComment(threads: Thread[], { id, thread_id }: { id: string; thread_id: string }): Thread[] {
  const left = patch(threads, thread_id, (thread) => ({
    ...thread,
    comments: thread.comments.filter((one) => one.id !== id),
  }))
  return keep(left, ({ comments }) => comments.length > 0)
}

function moved(threads: Thread[], from: string | null, path: string): Thread[] {
  return threads.some((thread) => thread.path === from && from !== null)
    ? threads.map((thread) => (thread.path === from ? { ...thread, path } : thread))
    : threads
}

function keep(threads: Thread[], isKept: (thread: Thread) => boolean): Thread[] {
  return threads.every(isKept) ? threads : threads.filter(isKept)
}

type Dated = { id: string; created_at: string }

function oldestFirst(one: Dated, other: Dated): number {
  if (one.created_at !== other.created_at) return one.created_at < other.created_at ? -1 : 1
  return one.id < other.id ? -1 : 1
}
