import { useEffect } from 'react'
import type { FromPreview } from '../../services/preview/messages.ts'
import { rpc } from '../rpc.ts'
import { lineToReport, type Report, toReport } from './to-report.ts'
import type { PreviewLink } from './use-preview-page.ts'

const DELAY = 400
const MOST_AT_ONCE = 20
const MOST_PER_DEPLOYMENT = 40

/**
 * Errors that this window sees are told to the project, where the agent and the team find them. Twice the same is one
 * for the database; that they are told at all is no reason to disturb anybody, so a refusal is let go. What was written
 * to the console does not say which deployment wrote it: it is told of the one that runs when it is told.
 */
export function useTellErrors(projectId: string, { listen }: PreviewLink): void {
  useEffect(() => {
    const waiting = new Map<string, Report[]>()
    const told = new Map<string, number>()
    let written: Report[] = []
    let running: string | null = null
    let path = '/'
    let timer: ReturnType<typeof setTimeout> | undefined
    const add = (deployment: string, reports: Report[]) =>
      waiting.set(deployment, [...(waiting.get(deployment) ?? []), ...reports])
    const tell = () => {
      timer = undefined
      if (running && written.length > 0) add(running, written)
      written = []
      for (const [deployment_id, reports] of waiting) {
        const room = MOST_PER_DEPLOYMENT - (told.get(deployment_id) ?? 0)
        const sent = reports.slice(0, Math.min(MOST_AT_ONCE, room))
        told.set(deployment_id, (told.get(deployment_id) ?? 0) + sent.length)
        if (sent.length === 0) continue
        rpc('report_preview', { project_id: projectId, deployment_id, reports: sent }).catch(() => undefined)
      }
      waiting.clear()
    }
    const hear = (message: FromPreview): boolean => {
      if (message.type === 'ready' || message.type === 'navigated') path = message.path
      if (message.type === 'ready' || message.type === 'visible') running = message.deployment
      if (message.type === 'error' && !message.error.replayed && message.error.deployment) {
        add(message.error.deployment, [toReport(message.error)])
        return true
      }
      if (message.type !== 'console' || message.line.replayed || message.line.level !== 'error') return false
      written = [...written, lineToReport(message.line, path)].slice(0, MOST_AT_ONCE)
      return true
    }
    const unlisten = listen((message) => {
      if (hear(message)) timer ??= setTimeout(tell, DELAY)
    })
    return () => {
      unlisten()
      clearTimeout(timer)
    }
  }, [projectId, listen])
}
