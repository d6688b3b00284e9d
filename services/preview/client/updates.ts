/**
 * Follows what is live. The page tells what it shows; the host tells the steps from there, and each is put in place before
 * the next. While the page is hidden it does not listen: it says what it shows when it is looked at again. A step that
 * cannot be taken in place ends in a load of the page, which then shows what is live by itself.
 */
import type { Update } from '../updates.ts'
import type { Catching } from './catching.ts'
import type { Modules } from './modules.ts'
import { painted } from './painted.ts'
import type { Pane } from './pane.ts'
import { reloadFor } from './reload.ts'
import { exchangeStyles } from './styles.ts'

const HIDDEN_MS = 15_000
const AGAIN_MS = 1_000

export type Showing = { deployment: string; version: number }

export type Updates = { introduce(): void }

export function followUpdates(showing: Showing, modules: Modules, pane: Pane, catching: Catching): Updates {
  let source: EventSource | undefined
  let told = showing.deployment
  let last: Promise<void> = Promise.resolve()
  let hiding: ReturnType<typeof setTimeout> | undefined
  let again: ReturnType<typeof setTimeout> | undefined

  let state: 'live' | 'offline' | undefined
  const become = (next: 'live' | 'offline') => {
    if (state !== next) pane.tell({ type: 'connection', state: next })
    state = next
  }

  const open = () => {
    clearTimeout(again)
    if (source) return
    source = new EventSource(`/__baton/updates?from=${encodeURIComponent(told)}`)
    source.onmessage = ({ data }: MessageEvent<string>) => receive(JSON.parse(data) as Update)
    // A source that connects again by itself would tell what was shown when it was made.
    source.onerror = () => {
      close()
      become('offline')
      again = setTimeout(open, AGAIN_MS)
    }
  }

  const close = () => {
    source?.close()
    source = undefined
  }

  const receive = (update: Update) => {
    const receivedAt = performance.now()
    become('live')
    if (update.type !== 'update') return
    told = update.deployment
    last = last.then(() => show(update, receivedAt))
  }

  const show = async (update: Extract<Update, { type: 'update' }>, receivedAt: number) => {
    if ('reload' in update) return load(update)
    try {
      const styles = exchangeStyles(update.delta.css)
      const exchange = await modules.exchange(update.delta, () => {
        showing.deployment = update.deployment
        showing.version = update.version
      })
      await styles
      if ('reload' in exchange) return load(update)
      await painted()
      const ms = update.age + performance.now() - receivedAt
      pane.tell({ type: 'visible', ...showing, how: 'hot', ms: rounded(ms), modules: exchange.modules })
    } catch (error) {
      catching.caught('update', error)
      load(update)
    }
  }

  const load = ({ deployment, age }: { deployment: string; age: number }) => {
    if (!reloadFor(deployment, age))
      catching.caught('update', new Error('The newest version cannot be shown.'))
  }

  document.addEventListener('visibilitychange', () => {
    clearTimeout(hiding)
    if (document.hidden) hiding = setTimeout(close, HIDDEN_MS)
    else open()
  })
  window.addEventListener('pagehide', close)
  window.addEventListener('pageshow', ({ persisted }) => persisted && open())
  open()
  return {
    introduce() {
      if (state) pane.tell({ type: 'connection', state })
    },
  }
}

const rounded = (ms: number) => Math.round(ms * 10) / 10
