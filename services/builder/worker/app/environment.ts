/** What `import.meta.env` is: Vite's own names, and the public variables of the project. Anything else stays out. */
export function environmentOf(
  mode: 'development' | 'production',
  variables: Record<string, string>,
): Record<string, string | boolean> {
  const visible = Object.entries(variables).filter(([name]) => /^VITE_[A-Za-z0-9_]+$/.test(name))
  return {
    ...Object.fromEntries(visible.sort(([a], [b]) => (a < b ? -1 : 1))),
    BASE_URL: '/',
    MODE: mode,
    DEV: mode === 'development',
    PROD: mode === 'production',
    SSR: false,
  }
}

/** Where the app may talk to, as far as its variables say. */
export function originsIn(variables: Record<string, string>): string[] {
  const origins = Object.entries(variables).flatMap(([name, value]) => {
    if (!name.startsWith('VITE_') || !/^(https?|wss?):\/\//.test(value) || !URL.canParse(value)) return []
    return [new URL(value).origin]
  })
  return [...new Set(origins)].filter((origin) => origin !== 'null').sort()
}
