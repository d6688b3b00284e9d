/**
 * The path of a request as a key of the manifest, or null where it is no honest one. Nothing here ever becomes a path on a
 * disk; tricks are refused all the same, since what they ask for is never in a deployment.
 */
export function filePathOf(url: URL): string | null {
  let path: string
  try {
    path = decodeURIComponent(url.pathname)
  } catch {
    return null
  }
  const isHonest =
    path.startsWith('/') &&
    path.length <= 2_048 &&
    !path.includes('//') &&
    !path.includes('\\') &&
    !path.split('/').some((part) => part === '.' || part === '..') &&
    !hasControls(path) &&
    !path.startsWith('/@fs/') &&
    !path.startsWith('/@id/')
  return isHonest ? path : null
}

const hasControls = (path: string) =>
  Array.from(path).some((character) => character < ' ' || character === '\x7f')

/** What a browser opens as a page, for which a single-page app answers every path. A missing script fails as one. */
export function isNavigation(path: string, headers: Headers): boolean {
  if (path.startsWith('/@') || path.startsWith('/assets/')) return false
  if (headers.has('sec-fetch-dest') || wantsPage(headers)) return wantsPage(headers)
  return /\*\/\*|^$/.test(headers.get('accept') ?? '') && !/\.\w+$/.test(path)
}

/** Whoever asks shows pages to people. */
export function wantsPage(headers: Headers): boolean {
  const destination = headers.get('sec-fetch-dest')
  if (destination) return ['document', 'iframe', 'frame'].includes(destination)
  return headers.get('accept')?.includes('text/html') ?? false
}
