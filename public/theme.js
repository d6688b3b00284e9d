// Runs before the first paint, so that a chosen theme never flashes. `settings/theme.ts` writes what is read here.
try {
  const theme = localStorage.getItem('baton.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Storage is blocked: the theme of the system is used.
}
