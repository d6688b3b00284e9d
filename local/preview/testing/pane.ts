/** A browser, and a page on another origin that frames a preview as Baton's pane does, and keeps what it is told. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Browser, chromium, type FrameLocator, type Page } from '@playwright/test'
import { findOrInstallChromium } from '../../../scripts/chromium.ts'
import { type FromPreview, type ToPreview, toSend } from '../../../services/preview/messages.ts'

export const SANDBOX =
  'allow-scripts allow-same-origin allow-forms allow-modals allow-popups allow-popups-to-escape-sandbox allow-downloads'

/** Keeps messages of the framed window alone; `strangers` are those of any other. */
const PAGE = `<!doctype html><title>App</title><body><script>
window.heard = []; window.strangers = []
addEventListener('message', (event) => {
  const frame = document.querySelector('iframe')
  const isOurs = frame && event.source === frame.contentWindow && event.origin === new URL(frame.src).origin
  ;(isOurs ? window.heard : window.strangers).push(event.data)
})
localStorage.setItem('sb-session', 'the token of the viewer')
document.cookie = 'session=the-viewer'
</script></body>`

export type AppOrigin = { origin: string; close(): Promise<void> }

export async function startAppOrigin(): Promise<AppOrigin> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(PAGE)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  const close = async () => {
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  }
  return { origin: `http://127.0.0.1:${port}`, close }
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: findOrInstallChromium(),
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  })
}

export type Pane = { page: Page; app: FrameLocator } & {
  heard<Type extends FromPreview['type']>(type: Type): Promise<Extract<FromPreview, { type: Type }>[]>
  /** Waits until a message of that type holds what is asked, and answers it. */
  hears<Type extends FromPreview['type']>(
    type: Type,
    is?: (message: Extract<FromPreview, { type: Type }>) => boolean,
  ): Promise<Extract<FromPreview, { type: Type }>>
  say(message: ToPreview): Promise<void>
}

export async function openPane(browser: Browser, origin: string, address: string): Promise<Pane> {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(origin)
  await page.evaluate(
    ([src, sandbox]) => {
      const frame = document.createElement('iframe')
      frame.setAttribute('sandbox', sandbox!)
      frame.width = '800'
      frame.height = '600'
      frame.src = src!
      document.body.append(frame)
    },
    [address, SANDBOX],
  )
  const all = () => page.evaluate(() => (window as unknown as { heard: FromPreview[] }).heard)
  const heard: Pane['heard'] = async (type) =>
    (await all()).filter((message): message is never => message.type === type)
  return {
    page,
    app: page.frameLocator('iframe'),
    heard,
    async hears(type, is = () => true) {
      const until = Date.now() + 20_000
      for (;;) {
        const found = (await heard(type)).find(is)
        if (found) return found
        if (Date.now() > until)
          throw new Error(`Not heard: ${type}. Heard: ${JSON.stringify(await all(), null, 1)}`)
        await page.evaluate(() => new Promise((next) => requestAnimationFrame(() => next(null))))
      }
    },
    say: (message) =>
      page.evaluate((sent) => {
        const frame = document.querySelector('iframe')
        frame?.contentWindow?.postMessage(sent, new URL(frame.src).origin)
      }, toSend(message)),
  }
}
