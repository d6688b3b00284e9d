const SAFE = new Set(['http:', 'https:', 'mailto:'])

/** Null for what must not be a link: scripts, data, files, and what is no address at all. */
export function safeHref(href: string): string | null {
  try {
    const url = new URL(href)
    return SAFE.has(url.protocol) ? url.href : null
  } catch {
    return null
  }
}
