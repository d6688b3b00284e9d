import type { Extension } from '@codemirror/state'

const javascript = (jsx: boolean, typescript: boolean) => async () =>
  (await import('@codemirror/lang-javascript')).javascript({ jsx, typescript })

const LANGUAGES: Record<string, () => Promise<Extension>> = {
  ts: javascript(false, true),
  mts: javascript(false, true),
  tsx: javascript(true, true),
  js: javascript(true, false),
  mjs: javascript(true, false),
  cjs: javascript(true, false),
  jsx: javascript(true, false),
  css: async () => (await import('@codemirror/lang-css')).css(),
  html: async () => (await import('@codemirror/lang-html')).html(),
  svg: async () => (await import('@codemirror/lang-html')).html(),
  json: async () => (await import('@codemirror/lang-json')).json(),
  md: async () => (await import('@codemirror/lang-markdown')).markdown(),
}

/** Colouring more than this would hold up the page. */
const LARGEST = 400_000

export async function languageOf(path: string, length: number): Promise<Extension> {
  const ending = path.slice(path.lastIndexOf('.') + 1).toLowerCase()
  return length > LARGEST ? [] : ((await LANGUAGES[ending]?.()) ?? [])
}
