/**
 * A page on the internet can point its own name at 127.0.0.1 and then read whatever answers there (DNS rebinding).
 * Such a request still carries the foreign name in its Host header, so only names that mean this machine are served.
 */
const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]']

export function createHostCheck(alsoAllowed = process.env.BATON_ALLOWED_HOSTS ?? '') {
  const allowed = new Set([
    ...LOOPBACK_NAMES,
    ...alsoAllowed
      .toLowerCase()
      .split(/[\s,]+/)
      .filter(Boolean),
  ])
  return (host: string | undefined): boolean => host !== undefined && allowed.has(hostname(host))
}

function hostname(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, '')
}
