/** Whoever only read the log must have seen the same: no number missing, no piece of a text lost or doubled. */
import type { Evidence } from './evidence.ts'

export function checkLog({ events, entries, operations }: Evidence): string[] {
  const gaps = events.filter(({ seq }, at) => seq !== at + 1)
  const texts = new Map<string, string>()
  const addTail = ({ id, tail = '' }: { id: string; tail?: string }) =>
    texts.set(id, (texts.get(id) ?? '') + tail)
  const misplaced = events.flatMap(({ seq, kind, payload }) => {
    if (kind === 'entry.closed') addTail(payload as { id: string; tail?: string })
    if (kind !== 'entry.appended') return []
    const { id, offset, text } = payload as { id: string; offset: number; text: string }
    const before = texts.get(id) ?? ''
    texts.set(id, before + text)
    return offset === before.length ? [] : [`event ${seq} appends at ${offset}, after ${before.length}`]
  })
  const unlike = entries.filter(
    ({ id, kind, text }) => (kind === 'text' || kind === 'thinking') && (texts.get(id) ?? '') !== text,
  )
  const changed = events.filter(({ kind }) => kind === 'file.changed').map(({ payload }) => payload.version)
  return [
    ...gaps.slice(0, 1).map(({ seq }) => `the log has a gap before ${seq}`),
    ...misplaced,
    ...unlike.map(({ id, text }) => `the entry ${id} is "${text}", and its events say "${texts.get(id)}"`),
    ...(changed.join() === operations.map(({ version }) => version).join()
      ? []
      : [`the log tells of the changes ${changed.join()}`]),
  ]
}
