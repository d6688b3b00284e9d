import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/**
 * What a page needs comes in a few files, not in one for each icon that two pages share: with six connections, a hundred
 * small ones are what the first visit waits for. Each group has all that its pages import, but for what an earlier one
 * has, so files never import each other in a circle.
 */
const GROUPS = [
  { name: 'first', tags: ['$initial' as const], priority: 4 },
  { name: 'signed-out', test: /src\/session\/sign-(in|up)-page\.tsx$/, priority: 3 },
  { name: 'inside', test: /src\/(shell\/(app-layout|workspace)|teams\/team-layout)\.tsx$/, priority: 2 },
  { name: 'project', test: /src\/(projects\/project-layout|chat\/chat-page)\.tsx$/, priority: 1 },
]

export default defineConfig(({ command }) => ({
  root: fileURLToPath(new URL('./src', import.meta.url)),
  publicDir: fileURLToPath(new URL('./public', import.meta.url)),
  plugins: [react(), tailwindcss(), preloadFont()],
  // Development has inline scripts and styles: the server puts a fresh nonce here for each page.
  ...(command === 'serve' ? { html: { cspNonce: 'BATON_NONCE' } } : {}),
  build: {
    outDir: fileURLToPath(new URL('./dist', import.meta.url)),
    emptyOutDir: true,
    target: 'es2023',
    // Fonts and icons stay files: the content security policy allows no data URLs for them.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups: GROUPS } } },
  },
}))

/** The font of the first paint is asked for at once; only the build knows its name, which has a hash in it. */
function preloadFont(): Plugin {
  return {
    name: 'preload-font',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle = {} }) =>
        Object.keys(bundle)
          .filter((file) => /inter-latin-wght.*\.woff2$/.test(file))
          .map((file) => ({
            tag: 'link',
            attrs: { rel: 'preload', href: `/${file}`, as: 'font', type: 'font/woff2', crossorigin: '' },
            injectTo: 'head',
          })),
    },
  }
}
