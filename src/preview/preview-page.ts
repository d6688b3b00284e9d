/** The page in the frame, as far as it tells of itself. A fold over its messages. */
import type { FromPreview, PickedElement } from '../../services/preview/messages.ts'
import { applyMessage, EMPTY_LOG, type PreviewLog } from './preview-log.ts'

export type Visible = Omit<Extract<FromPreview, { type: 'visible' }>, 'type'>

export type PreviewPage = {
  /** It has answered since it was loaded. */
  isReady: boolean
  path: string
  title: string
  /** Of the files that run in it. */
  version: number
  connection: 'live' | 'offline' | null
  visible: Visible | null
  isPicking: boolean
  picked: PickedElement | null
  log: PreviewLog
}

export const EMPTY_PAGE: PreviewPage = {
  isReady: false,
  path: '/',
  title: '',
  version: 0,
  connection: null,
  visible: null,
  isPicking: false,
  picked: null,
  log: EMPTY_LOG,
}

export type PageChange =
  | { type: 'messages'; messages: readonly FromPreview[]; at: number }
  /** The frame was given another address, or the same one anew. */
  | { type: 'left' }
  | { type: 'unpicked' }
  | { type: 'cleared'; what: 'errors' | 'lines' }

export function changePage(page: PreviewPage, change: PageChange): PreviewPage {
  switch (change.type) {
    case 'messages':
      return change.messages.reduce((heard, message) => hear(heard, message, change.at), page)
    case 'left':
      return { ...EMPTY_PAGE, path: page.path, log: page.log }
    case 'unpicked':
      return { ...page, picked: null }
    case 'cleared':
      return { ...page, log: { ...page.log, dropped: 0, [change.what]: [] } }
  }
}

function hear(before: PreviewPage, message: FromPreview, at: number): PreviewPage {
  const page = { ...before, log: applyMessage(before.log, message, at) }
  switch (message.type) {
    case 'ready':
      return {
        ...page,
        isReady: true,
        isPicking: false,
        path: message.path || '/',
        title: message.title,
        version: message.version,
      }
    case 'navigated':
      return { ...page, path: message.path || '/', title: message.title }
    case 'connection':
      return { ...page, connection: message.state }
    case 'visible':
      return { ...page, version: message.version, visible: measured(before.visible, message) }
    case 'picking':
      return { ...page, isPicking: message.on }
    case 'picked':
      return { ...page, picked: message.element, isPicking: false }
    default:
      return page
  }
}

/** What was measured stays on show when the page is only opened again. */
function measured(before: Visible | null, { type: _, ...visible }: Visible & { type: 'visible' }): Visible {
  const isSame = before?.deployment === visible.deployment
  return visible.ms === null && isSame ? before : visible
}
