import { type RefObject, useCallback, useEffect, useReducer, useRef, useState } from 'react'
import { type FromPreview, readFromPreview, type ToPreview, toSend } from '../../services/preview/messages.ts'
import { changePage, EMPTY_PAGE, type PageChange, type PreviewPage } from './preview-page.ts'

export type PreviewLink = {
  frame: RefObject<HTMLIFrameElement | null>
  /** Another one is another frame. */
  frameKey: number
  page: PreviewPage
  change(change: PageChange): void
  send(message: ToPreview): void
  /** The page itself loads anew; one that does not answer is put into a new frame. */
  reload(): void
  onLoad(): void
  /** Each message as it comes, beside what the page remembers. */
  listen(listener: (message: FromPreview) => void): () => void
}

/** An app that logs without end must not redraw the pane without end. */
const BATCH = 40

/** Speaks with the page in the frame, and only with it: everything else that sends messages here is not heard. */
export function usePreviewPage(address: string): PreviewLink {
  const frame = useRef<HTMLIFrameElement>(null)
  const [frameKey, setFrameKey] = useState(0)
  const [page, change] = useReducer(changePage, EMPTY_PAGE)
  const listeners = useRef(new Set<(message: FromPreview) => void>())
  const origin = new URL(address).origin

  useEffect(() => {
    change({ type: 'left' })
    let waiting: FromPreview[] = []
    let timer: ReturnType<typeof setTimeout> | undefined
    const flush = () => {
      const messages = waiting
      waiting = []
      timer = undefined
      change({ type: 'messages', messages, at: Date.now() })
    }
    const onMessage = (event: MessageEvent) => {
      if (event.source !== frame.current?.contentWindow || event.origin !== origin) return
      const message = readFromPreview(event.data)
      if (!message) return
      waiting.push(message)
      if (message.type !== 'console' && timer === undefined && waiting.length === 1) flush()
      else timer ??= setTimeout(flush, BATCH)
      for (const listener of listeners.current) listener(message)
    }
    window.addEventListener('message', onMessage)
    return () => {
      clearTimeout(timer)
      window.removeEventListener('message', onMessage)
    }
  }, [origin])

  const send = useCallback(
    (message: ToPreview) => frame.current?.contentWindow?.postMessage(toSend(message), origin),
    [origin],
  )
  const onLoad = useCallback(() => send({ type: 'hello' }), [send])
  const listen = useCallback((listener: (message: FromPreview) => void) => {
    listeners.current.add(listener)
    return () => void listeners.current.delete(listener)
  }, [])
  const reload = () => {
    if (page.isReady) return send({ type: 'reload' })
    change({ type: 'left' })
    setFrameKey((key) => key + 1)
  }
  return { frame, frameKey, page, change, send, reload, onLoad, listen }
}
