/** Loads the page again to show a deployment, at most twice for the same one: a page that cannot be shown must not flicker. */
const KEY = '__baton-reload'
const TIMES = 2

type Note = { deployment: string; times: number; age: number; at: number }

/** False: it was tried, and did not help. */
export function reloadFor(deployment: string, age: number): boolean {
  const last = readNote()
  const times = last?.deployment === deployment ? last.times + 1 : 1
  if (times > TIMES) return false
  writeNote({ deployment, times, age, at: Date.now() })
  location.reload()
  return true
}

/** Milliseconds from the write to now, if this page was loaded because of one. */
export function sinceWrite(deployment: string): number | null {
  const note = readNote()
  if (note?.deployment !== deployment || note.at < Date.now() - 30_000) return null
  return note.age + (Date.now() - note.at)
}

function readNote(): Note | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Note | null
  } catch {
    return null
  }
}

function writeNote(note: Note): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(note))
  } catch {} // no storage here: the page is loaded again all the same
}
