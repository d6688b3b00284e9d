import { useEffect, useRef } from 'react'
import type { ProjectSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { rpc } from '../rpc.ts'
import { presentLines } from './preview-log.ts'
import { storable } from './storable.ts'
import type { PreviewLink } from './use-preview-page.ts'

const LONGEST = 20_000
const PATIENCE = 4_000
const MOST_LINES = 30
const LONGEST_LINE = 300

/**
 * The agent asks what is on the page; any window that shows it answers, and the first one counts. A frame that is not
 * shown, as behind the chat on a phone, has nothing on its page, and would say that it is empty.
 */
export function useAnswerAgent(project: ProjectSnapshot, link: PreviewLink): void {
  const { page, send, listen, frame } = link
  const asked = useRef(new Set<string>())
  const latest = useRef(page)
  useEffect(() => {
    latest.current = page
  })
  const questions = project.preview_questions

  useEffect(() => {
    if (!page.isReady || !frame.current?.checkVisibility()) return
    for (const { id, kind } of questions) {
      if (kind !== 'outline' || asked.current.has(id)) continue
      asked.current.add(id)
      const answered = listen((message) => {
        if (message.type !== 'outline' || message.request !== id) return
        stop()
        const { path, title, log } = latest.current
        const box = frame.current?.getBoundingClientRect()
        const answer = {
          outline: storable(message.text.slice(0, LONGEST)),
          path: storable(path),
          title: storable(title),
          viewport: { width: Math.round(box?.width ?? 0), height: Math.round(box?.height ?? 0) },
          deployment_id: log.deployment,
          console: presentLines(log)
            .slice(-MOST_LINES)
            .map(({ level, text }) => storable(`${level}: ${text.slice(0, LONGEST_LINE)}`)),
        }
        rpc('answer_preview', { question_id: id, answer }).catch(() => undefined)
      })
      const timer = setTimeout(() => answered(), PATIENCE)
      const stop = () => {
        clearTimeout(timer)
        answered()
      }
      send({ type: 'outline', request: id })
    }
  }, [questions, page.isReady, listen, send, frame])
}
