/**
 * From an address to a field that takes a letter, with an empty cache: the page for signing in, and a chat for who is
 * signed in. The reference is the smallest page that React could draw: react-dom and one input, served alike.
 */
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from '@playwright/test'
import { startBrowserStack } from './browser.ts'
import { percentile, report, times } from './measure.ts'
import { reactAlone } from './react-alone.ts'

await using stack = await startBrowserStack()
const projectId = await stack.createProject()
const chatId = await stack.createChat(projectId)
const server = createServer(await bareApp())
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const bare = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`

const samples = { bare: [] as number[], signIn: [] as number[], chat: [] as number[] }
for (let round = -1; round < times(15, 4); round += 1) {
  const figures = {
    bare: await timeTo(await stack.browser.newPage(), bare, 'Name'),
    signIn: await timeTo(await stack.openSignedOut(), '/sign-in', 'E-mail'),
    chat: await timeTo(await stack.openPage(), `/p/${projectId}/c/${chatId}`, 'Message'),
  }
  if (round < 0) continue
  for (const [name, figure] of Object.entries(figures)) samples[name as keyof typeof samples].push(figure)
}
server.close()
const reference = percentile(samples.bare, 50)
report('until one can type on the page for signing in, p50', 'ms', percentile(samples.signIn, 50), reference)
report('until one can type in a chat, p50', 'ms', percentile(samples.chat, 50), reference)

async function timeTo(page: Page, address: string, label: string): Promise<number> {
  const began = performance.now()
  await page.goto(address, { waitUntil: 'commit' })
  const field = page.getByLabel(label, { exact: true })
  await field.fill('a')
  const took = performance.now() - began
  await page.context().close()
  return took
}

async function bareApp(): Promise<RequestListener> {
  const script = await reactAlone(
    `import { createElement } from 'react'\nimport { createRoot } from 'react-dom/client'
     createRoot(document.getElementById('root')).render(createElement('input', { 'aria-label': 'Name' }))`,
  )
  const html = '<!doctype html><div id="root"></div><script type="module" src="/app.js"></script>'
  return (request, response) => {
    const isScript = request.url === '/app.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    response.end(isScript ? script : html)
  }
}
