import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig(({ command }) => ({
  root: fileURLToPath(new URL('./src', import.meta.url)),
  publicDir: fileURLToPath(new URL('./public', import.meta.url)),
  plugins: [react(), tailwindcss()],
  // Development has inline scripts and styles: the server puts a fresh nonce here for each page.
  ...(command === 'serve' ? { html: { cspNonce: 'BATON_NONCE' } } : {}),
  build: {
    outDir: fileURLToPath(new URL('./dist', import.meta.url)),
    emptyOutDir: true,
    target: 'es2023',
    // Fonts and icons stay files: the content security policy allows no data URLs for them.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
}))
