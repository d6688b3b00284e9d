/** The pane that frames this page, if one does: only a window of Baton's own origin is spoken to, and listened to. */
import { type FromPreview, readToPreview, type ToPreview, toSend } from '../messages.ts'

export type Pane = { tell(message: FromPreview): void; listen(hear: (message: ToPreview) => void): void }

export function openPane(appOrigins: string[]): Pane {
  const { parent } = window
  const isFramed = parent !== window
  const above = location.ancestorOrigins?.[0]
  const origins = appOrigins.filter((origin) => above === undefined || origin === above)
  return {
    tell(message) {
      if (isFramed) for (const origin of origins) parent.postMessage(toSend(message), origin)
    },
    listen(hear) {
      window.addEventListener('message', (event) => {
        if (!isFramed || event.source !== parent || !appOrigins.includes(event.origin)) return
        const message = readToPreview(event.data)
        if (message) hear(message)
      })
    },
  }
}
