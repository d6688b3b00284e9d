import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Previewing, startPreviewing } from './testing/previewing.ts'

const HTML = `<!doctype html><html><head><title>App</title><script>window.inline = 1</script></head>
<body><div id="root"></div><script type="module" src="/src/main.tsx"></script></body></html>`
const MAIN = `import { createRoot } from 'react-dom/client'
import App from './App'
createRoot(document.getElementById('root')!).render(<App />)`
const APP = 'export default function App() { return <h1>One</h1> }'

let world: Previewing
let project: string
let name: string

beforeAll(async () => {
  world = await startPreviewing({ appOrigins: ['http://127.0.0.1:1'] })
  project = await world.project()
  await world.write(
    project,
    {
      'index.html': HTML,
      'src/main.tsx': MAIN,
      'src/App.tsx': APP,
      'public/big.txt': 'baton '.repeat(1_000),
      'public/data.json': '{"a":1}',
    },
    true,
  )
  await world.deployed(project)
  name = await world.nameOf(project)
})
afterAll(() => world[Symbol.asyncDispose]())

const asPage = { accept: 'text/html,application/xhtml+xml', 'sec-fetch-dest': 'document' }

test('the address of a project shows its newest preview, with our client before everything of its own', async () => {
  const { status, text, headers } = await world.ask(name, '/', asPage)
  console.log(text.slice(0, 1500), headers, world.reports)
  expect(status).toBe(200)
})
