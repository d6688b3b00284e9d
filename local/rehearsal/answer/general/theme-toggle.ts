import type { Edit, Part } from '../../script/script.ts'
import { type ComputedRequest, call, say } from '../computed.ts'

const COMPONENT = `import { useEffect, useState } from 'react'

const THEMES = ['system', 'light', 'dark'] as const
type Theme = (typeof THEMES)[number]

/** Goes through the themes, and remembers the one that was chosen. */
export function ThemeToggle() {
  const [theme, setTheme] = useState<Theme>(storedTheme)
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system'

  useEffect(() => {
    document.documentElement.dataset.theme = theme
    try {
      localStorage.setItem('theme', theme)
    } catch {
      // Without storage the choice lasts until the tab is closed.
    }
  }, [theme])

  return (
    <button
      type="button"
      onClick={() => setTheme(next)}
      aria-label={'Theme: ' + theme + '. Change it to ' + next + '.'}
      className="fixed right-4 bottom-4 z-10 rounded-full border border-line bg-surface px-4 py-2 text-sm text-muted shadow-sm hover:text-ink"
    >
      {theme === 'system' ? 'Auto' : theme === 'light' ? 'Light' : 'Dark'}
    </button>
  )
}

function storedTheme(): Theme {
  try {
    return THEMES.find((theme) => theme === localStorage.getItem('theme')) ?? 'system'
  } catch {
    return 'system'
  }
}
`

const RULES = `:root[data-theme="light"] {
  color-scheme: light;
}

:root[data-theme="dark"] {
  color-scheme: dark;
}`

export const themeToggle: ComputedRequest = {
  slug: 'theme-toggle',
  example: 'Add a button for light and dark',
  when: /\b(?:toggle|switch(?:er)?|button|let (?:me|people|users?) (?:choose|change|switch))\b.*\b(?:dark|light|themes?)\b|\b(?:dark|light|theme)\b.*\b(?:toggle|switch(?:er)?|button)\b/i,
  needs: ['src/App.tsx', 'src/index.css'],
  answers({ files }) {
    const page = editOfPage(files.get('src/App.tsx') ?? '')
    const sheet = editOfSheet(files.get('src/index.css') ?? '')
    if (!page || !sheet) {
      const text =
        'I find no place for such a button: I look for a `<main>` in `src/App.tsx` and for `:root` in `src/index.css`.'
      return [{ parts: [say(text)] }]
    }
    const parts: Part[] = [
      say('I add a small button that goes through automatic, light and dark, and remembers the choice.'),
      call('write_file', { path: 'src/theme-toggle.tsx', content: COMPONENT }),
      { kind: 'edit', path: 'src/index.css', edits: [sheet] },
      { kind: 'edit', path: 'src/App.tsx', edits: page },
    ]
    const done =
      'The button is at the lower right. All colours have two values in the style sheet, so it only says which of them count.'
    return [{ parts }, { parts: [say(done)] }]
  },
}

function editOfPage(page: string): Edit[] | null {
  const main = /<main\b[^>]*>/.exec(page)?.[0]
  const firstLine = page.split('\n')[0]!
  if (!main || !firstLine.startsWith('import')) return null
  return [
    { search: firstLine, replace: `${firstLine}\nimport { ThemeToggle } from './theme-toggle'` },
    { search: main, replace: `${main}\n      <ThemeToggle />` },
  ]
}

function editOfSheet(sheet: string): Edit | null {
  const root = /:root \{[^}]*\}/.exec(sheet)?.[0]
  return root ? { search: root, replace: `${root}\n\n${RULES}` } : null
}
