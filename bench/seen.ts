/** When a text is in the document of a page, by a MutationObserver there and the clock of the machine. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from '@playwright/test'

/** Runs in the page. As text, since what compiles this file puts helpers of its own into functions. */
const watchFor = `(wanted) => new Promise((resolve) => {
  const place = document.querySelector('[data-entry-state="open"]') ?? document.body
  const watcher = new MutationObserver(() => {
    if (!place.textContent.includes(wanted)) return
    watcher.disconnect()
    resolve(performance.timeOrigin + performance.now())
  })
  watcher.observe(place, { subtree: true, childList: true, characterData: true })
  window.watching = wanted
})`

/** From the answer to the commit, or to the order to send, until the word is there. */
export async function untilSeen(where: Page, word: string, send: () => Promise<void>): Promise<number> {
  const seen = where.evaluate<number>(`(${watchFor})(${JSON.stringify(word)})`)
  await where.waitForFunction((wanted) => (window as { watching?: string }).watching === wanted, word)
  await send()
  const sentAt = performance.timeOrigin + performance.now()
  return Math.max(0, (await seen) - sentAt)
}

/** A page that shows what a bare WebSocket server says, and does nothing else. */
export async function openPlainPage(browser: Browser, url: string): Promise<Page> {
  const html = `<!doctype html><p data-entry-state="open"></p><script>
    const place = document.querySelector('p')
    new WebSocket(${JSON.stringify(url)}).onmessage = ({ data }) => { place.textContent += data }
  </script>`
  const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end(html))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const made = await browser.newPage()
  await made.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  server.close()
  return made
}
