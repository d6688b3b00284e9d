/** Where the app is, and going elsewhere in it. */
import type { Pane } from './pane.ts'

export const presentPath = () => location.pathname + location.search + location.hash
export const presentTitle = () => document.title.slice(0, 200)

export function followNavigation(pane: Pane): void {
  let told = ''
  const tell = () => {
    const now = `${presentPath()}\n${presentTitle()}`
    if (now === told) return
    told = now
    pane.tell({ type: 'navigated', path: presentPath(), title: presentTitle() })
  }
  for (const name of ['pushState', 'replaceState'] as const) {
    const original = history[name]
    history[name] = function (...given) {
      original.apply(this, given)
      setTimeout(tell, 0) // routers set the title after
    }
  }
  window.addEventListener('popstate', () => setTimeout(tell, 0))
  window.addEventListener('hashchange', tell)
  window.addEventListener('load', () => {
    tell()
    const title = document.querySelector('title')
    if (title)
      new MutationObserver(tell).observe(title, { childList: true, characterData: true, subtree: true })
  })
}
