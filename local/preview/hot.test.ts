/** Open previews in a real browser, while the files behind them change. */
import type { Browser } from '@playwright/test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AppOrigin, launchBrowser, openPane, startAppOrigin } from './testing/pane.ts'
import { type Previewing, startPreviewing } from './testing/previewing.ts'

const counter = (title: string) => `import { useState } from 'react'
import { Label } from './label'
export default function App() {
  const [count, setCount] = useState(0)
  return (
    <main className="p-4">
      <h1>${title}</h1>
      <Label>{count}</Label>
      <button type="button" onClick={() => setCount(count + 1)}>More</button>
    </main>
  )
}`
const FILES = {
  'index.html': `<!doctype html><html><head><title>App</title></head>
<body><div id="root"></div><script type="module" src="/src/main.tsx"></script></body></html>`,
  'src/main.tsx': `import { createRoot } from 'react-dom/client'
import App from './App'
import './index.css'
createRoot(document.getElementById('root')!).render(<App />)`,
  'src/index.css': '@import "tailwindcss";',
  'src/App.tsx': counter('One'),
  'src/label.tsx':
    'export function Label({ children }: { children: React.ReactNode }) { return <output>{children}</output> }',
}

let world: Previewing
let app: AppOrigin
let browser: Browser
beforeAll(async () => {
  app = await startAppOrigin()
  ;[world, browser] = await Promise.all([startPreviewing({ appOrigins: [app.origin] }), launchBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
  await world?.[Symbol.asyncDispose]()
})

async function newApp(files: Record<string, string> = {}) {
  const project = await world.project()
  await world.write(project, { ...FILES, ...files }, true)
  await world.deployed(project)
  const address = `http://${await world.nameOf(project)}/`
  return { project, address, open: () => openPane(browser, app.origin, address) }
}

test('a component that changes is exchanged in place, and what was counted stays', async () => {
  const { project, open } = await newApp()
  const pane = await open()
  await pane.app.getByRole('button').click()
  await pane.app.getByRole('button').click()
  await world.write(project, { 'src/App.tsx': counter('Two') })
  await pane.app.getByRole('heading', { name: 'Two' }).waitFor()
  expect(await pane.app.getByRole('status').textContent()).toBe('2')
  const visible = await pane.hears('visible', ({ how }) => how === 'hot')
  console.log(visible, await pane.heard('error'), await pane.heard('console'), world.reports)
  expect(visible).toMatchObject({ modules: 1 })
  expect(visible.ms).toBeGreaterThan(0)
})
