import type { Theme } from '../../supabase/functions/_shared/protocol.ts'

/** Shows a theme now, and leaves it for `public/theme.js` to find before the next first paint. */
export function showTheme(theme: Theme): void {
  if (theme === 'system') {
    delete document.documentElement.dataset.theme
    localStorage.removeItem('baton.theme')
    return
  }
  document.documentElement.dataset.theme = theme
  localStorage.setItem('baton.theme', theme)
}
