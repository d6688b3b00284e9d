/** Draws a chat of 1,000 answers in one of three ways, and lets a long one stream into it. The bench asks for both. */
import { type ReactNode, useSyncExternalStore } from 'react'
import { createRoot } from 'react-dom/client'
import '../../src/styles.css'
import { appendToLast, BatonChat } from './baton-chat.tsx'
import { PlainChat } from './plain.tsx'
import { LONG_ANSWER, SHORT_ANSWERS } from './words.ts'

type Library = 'baton' | 'react-markdown' | 'streamdown'

let streamed = ''
const listeners = new Set<() => void>()

function Streaming({ library }: { library: 'react-markdown' | 'streamdown' }) {
  const text = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => streamed,
  )
  return <PlainChat library={library} texts={[...SHORT_ANSWERS, text]} />
}

function chatOf(library: Library): ReactNode {
  return library === 'baton' ? <BatonChat texts={[...SHORT_ANSWERS, '']} /> : <Streaming library={library} />
}

function append(library: Library, part: string): void {
  if (library === 'baton') appendToLast(streamed.length, part)
  streamed += part
  if (library !== 'baton') for (const listener of listeners) listener()
}

/** 30 characters for each 10 ms that went by, however late the timer is. Until the last word can be seen. */
async function stream(library: Library) {
  const tasks: number[] = []
  const watch = new PerformanceObserver((list) =>
    tasks.push(...list.getEntries().map(({ duration }) => duration)),
  )
  watch.observe({ type: 'longtask' })
  let worstFrame = 0
  let lastFrame = performance.now()
  let isOver = false
  const everyFrame = () => {
    const now = performance.now()
    worstFrame = Math.max(worstFrame, now - lastFrame)
    lastFrame = now
    if (!isOver) requestAnimationFrame(everyFrame)
  }
  requestAnimationFrame(everyFrame)

  const began = performance.now()
  const isThere = new Promise<void>((resolve) => {
    const look = new MutationObserver(() => {
      if (streamed.length < LONG_ANSWER.length || !document.body.textContent?.includes('The very last word.'))
        return
      look.disconnect()
      resolve()
    })
    look.observe(document.body, { subtree: true, childList: true, characterData: true })
  })
  const timer = setInterval(() => {
    const due = Math.min(LONG_ANSWER.length, Math.floor((performance.now() - began) / 10) * 30)
    if (due > streamed.length) append(library, LONG_ANSWER.slice(streamed.length, due))
    if (streamed.length === LONG_ANSWER.length) clearInterval(timer)
  }, 10)
  await isThere
  const total = performance.now() - began
  isOver = true
  tasks.push(...watch.takeRecords().map(({ duration }) => duration))
  watch.disconnect()
  return { total, worstFrame, worstTask: Math.max(0, ...tasks), longTasks: tasks.length }
}

Object.assign(window, {
  bench: {
    draw: (library: Library) => createRoot(document.getElementById('root')!).render(chatOf(library)),
    stream,
  },
})
