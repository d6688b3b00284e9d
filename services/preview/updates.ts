/**
 * Tells open previews what is live, by Server-Sent Events: a plain answer that any platform can give, which a page of
 * another origin cannot read. A page says which deployment it shows; whatever is live when it asks, and each one after, is
 * told as the step from there. So a page that comes late or comes back needs nothing but its own name for what it shows.
 */
import type { LiveDeployment } from '../../supabase/functions/_shared/protocol.ts'
import { type Step, stepBetween } from './graph-delta.ts'
import type { LiveHosts } from './live-hosts.ts'
import type { Former, Graph, HostKind, Rows } from './source.ts'

const STREAMS_OF_A_HOST = 500
const STREAMS = 20_000
const HEARTBEAT_MS = 20_000
/** A page that reads this little is cut off; it comes back, and is told where things stand. */
const UNREAD = 64

export type Update =
  | { type: 'current'; deployment: string }
  | ({ type: 'update'; deployment: string; version: number; age: number } & Step)
  /** Not to be shown any more: private now, or nothing is there. */
  | { type: 'gone' }

type Shown = { id: string; graph: Graph | undefined } | null

export function createUpdates(hosts: LiveHosts, rows: Rows) {
  const streams = new Map<string, number>()
  const endings = new Set<() => void>()
  let count = 0

  const count1 = (key: string, by: 1 | -1) => {
    const now = (streams.get(key) ?? 0) + by
    if (now) streams.set(key, now)
    else streams.delete(key)
    count += by
  }

  return {
    count: () => count,
    /** Null: there are too many already. */
    open(kind: HostKind, label: string, live: LiveDeployment, from: string): Response | null {
      const key = `${kind} ${label}`
      if ((streams.get(key) ?? 0) >= STREAMS_OF_A_HOST || count >= STREAMS) return null
      let end = () => {}
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          count1(key, 1)
          const shown = createShown(rows, live, from)
          const encoder = new TextEncoder()
          const write = (text: string) => {
            if ((controller.desiredSize ?? 0) < -UNREAD) return end()
            controller.enqueue(encoder.encode(text))
          }
          const tell = (value: LiveDeployment | null) => {
            void shown.next(value).then(
              (update) => update && isOpen && write(`data: ${JSON.stringify(update)}\n\n`),
              () => end(),
            )
          }
          let isOpen = true
          const unwatch = hosts.watch(kind, label, tell)
          const heartbeat = setInterval(() => write(':\n\n'), HEARTBEAT_MS)
          end = () => {
            if (!isOpen) return
            isOpen = false
            unwatch()
            clearInterval(heartbeat)
            count1(key, -1)
            endings.delete(end)
            try {
              controller.close()
            } catch {} // closed by the reader
          }
          endings.add(end)
          write('retry: 500\n\n')
          tell(live)
        },
        cancel: () => end(),
      })
      return new Response(body, {
        headers: {
          'content-type': 'text/event-stream',
          'cache-control': 'no-store, no-transform',
          'x-accel-buffering': 'no',
        },
      })
    },
    close(): void {
      for (const end of [...endings]) end()
    },
  }
}

/** What one page shows, as far as it was told. Answers come in the order of the questions. */
function createShown(rows: Rows, first: LiveDeployment, from: string) {
  let shown: Shown | undefined
  let last = Promise.resolve<unknown>(undefined)

  const whatItShows = async (): Promise<Shown> => {
    if (first.deployment?.id === from) return { id: from, graph: graphOf(first.deployment.manifest) }
    if (!/^[0-9a-f-]{36}$/.test(from)) return null
    const former = await rows.former(first.host.project_id, from)
    return former ? { id: former.id, graph: graphOf(former.manifest) } : null
  }

  const update = async (live: LiveDeployment | null): Promise<Update | null> => {
    shown ??= await whatItShows()
    if (!live?.allowed) return { type: 'gone' }
    const { deployment } = live
    if (!deployment) return shown ? { type: 'gone' } : null
    if (deployment.id === shown?.id) return { type: 'current', deployment: deployment.id }
    const graph = graphOf(deployment.manifest)
    const step: Step = shown ? stepBetween(shown.graph, graph) : { reload: 'Something else is shown.' }
    shown = { id: deployment.id, graph }
    return {
      type: 'update',
      deployment: deployment.id,
      version: deployment.version,
      age: ageOf(deployment.changed_at, rows.clockOffset()),
      ...step,
    }
  }

  return {
    next(live: LiveDeployment | null): Promise<Update | null> {
      const answer = last.then(() => update(live))
      last = answer.catch(() => undefined)
      return answer
    },
  }
}

export const graphOf = (manifest: Former['manifest']): Graph | undefined =>
  manifest.graph as Graph | undefined

/** Milliseconds since an instant of the database. */
export const ageOf = (instant: string, clockOffset: number): number =>
  Math.max(0, Math.round((Date.now() + clockOffset - Date.parse(instant)) * 10) / 10)
