/** An app of as many files as one likes, in the way that people write them: a page, sections, and parts of these. */
export type AppFiles = Record<string, string>

/** With `files` files in all. */
export function sampleApp(files = 44): AppFiles {
  const parts = Array.from({ length: files - 4 }, (_, index) => index)
  const sections = parts.filter((index) => index % 8 === 0)
  const app: AppFiles = {
    'index.html':
      '<!doctype html>\n<html lang="en">\n  <head>\n    <meta charset="utf-8" />\n    <title>Sample</title>\n  </head>\n  <body>\n    <div id="root"></div>\n    <script type="module" src="/src/main.tsx"></script>\n  </body>\n</html>\n',
    'src/index.css': '@import "tailwindcss";\n\n@theme {\n  --color-accent: oklch(0.55 0.2 275);\n}\n',
    'src/main.tsx': `import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app'
import './index.css'

createRoot(document.getElementById('root')!).render(<StrictMode><App /></StrictMode>)
`,
    'src/app.tsx': `${sections.map((index) => `import { Part${index} } from './parts/part-${index}'\n`).join('')}
export function App() {
  return <main className="mx-auto max-w-4xl space-y-6 p-8">
    <h1 className="text-3xl font-semibold">Sample 0</h1>
    ${sections.map((index) => `<Part${index} />`).join('\n    ')}
  </main>
}
`,
  }
  for (const index of parts) app[`src/parts/part-${index}.tsx`] = part(index, files - 4)
  return app
}

function part(index: number, count: number): string {
  const inner =
    index % 8 === 0 ? [1, 2, 3, 4, 5, 6, 7].map((step) => index + step).filter((next) => next < count) : []
  return `import { useState } from 'react'
${inner.map((next) => `import { Part${next} } from './part-${next}'\n`).join('')}
type Part${index}Props = { title?: string; onSelect?: (count: number) => void }

export function Part${index}({ title = 'Part ${index}', onSelect }: Part${index}Props) {
  const [count, setCount] = useState(0)
  const select = () => {
    setCount(count + 1)
    onSelect?.(count + 1)
  }
  return (
    <section className="rounded-xl border border-zinc-200 p-${(index % 6) + 2} shadow-sm dark:border-zinc-800">
      <h2 className="text-lg font-medium text-accent">{title} 0</h2>
      <button type="button" className="rounded-lg bg-accent px-3 py-${(index % 4) + 1} text-white" onClick={select}>
        {count === 0 ? 'Select' : \`Selected \${count} times\`}
      </button>
      ${inner.map((next) => `<Part${next} />`).join('\n      ')}
    </section>
  )
}
`
}
