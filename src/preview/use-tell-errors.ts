import { useEffect } from 'react'
import { rpc } from '../rpc.ts'
import { type Report, toReport } from './to-report.ts'
import type { PreviewLink } from './use-preview-page.ts'

const DELAY = 400
const MOST_AT_ONCE = 20
const MOST_PER_DEPLOYMENT = 40

/**
 * Errors that this window sees are told to the project, where the agent and the team find them. Twice the same is one
 * for the database; that they are told at all is no reason to disturb anybody, so a refusal is let go.
 */
export function useTellErrors(projectId: string, { listen }: PreviewLink): void {
  useEffect(() => {
    const waiting = new Map<string, Report[]>()
    const told = new Map<string, number>()
    let timer: ReturnType<typeof setTimeout> | undefined
    const tell = () => {
      timer = undefined
      for (const [deployment_id, reports] of waiting) {
        const room = MOST_PER_DEPLOYMENT - (told.get(deployment_id) ?? 0)
        const sent = reports.slice(0, Math.min(MOST_AT_ONCE, room))
        told.set(deployment_id, (told.get(deployment_id) ?? 0) + sent.length)
        if (sent.length === 0) continue
        rpc('report_preview', { project_id: projectId, deployment_id, reports: sent }).catch(() => undefined)
      }
      waiting.clear()
    }
    const unlisten = listen((message) => {
      if (message.type !== 'error' || message.error.replayed || !message.error.deployment) return
      const { deployment } = message.error
      waiting.set(deployment, [...(waiting.get(deployment) ?? []), toReport(message.error)])
      timer ??= setTimeout(tell, DELAY)
    })
    return () => {
      unlisten()
      clearTimeout(timer)
    }
  }, [projectId, listen])
}
