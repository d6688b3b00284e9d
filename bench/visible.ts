/**
 * When a page shows its heading, by the page itself: after the frame in which it is drawn. A test library that waits for
 * it from outside first puts its own code into the page, which takes longer than many pages do.
 */
import type { Page } from '@playwright/test'

/** As text, since what compiles this file puts helpers of its own into functions. */
const WATCH = `(() => {
  const seen = {}
  const asked = []
  const tell = () => {
    for (const [text, settle] of asked) if (seen[text]) settle(seen[text])
  }
  const look = () => {
    const text = document.querySelector('h1')?.textContent
    if (!text || text in seen) return
    seen[text] = 0
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => {
        seen[text] = performance.timeOrigin + performance.now()
        tell()
      }
      port2.postMessage(null)
    })
  }
  new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true })
  window.whenVisible = (text) => new Promise((settle) => {
    asked.push([text, settle])
    tell()
  })
})()`

export const watchHeadings = (page: Page): Promise<unknown> => page.addInitScript(WATCH)

/** From before `change` until the page at the address has the heading, in milliseconds. */
export async function visibleAfter(
  page: Page,
  heading: string,
  change: () => Promise<string>,
): Promise<number> {
  const began = performance.timeOrigin + performance.now()
  await page.goto(await change(), { waitUntil: 'commit' })
  return (await page.evaluate<number>(`whenVisible(${JSON.stringify(heading)})`)) - began
}
