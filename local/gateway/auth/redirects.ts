/** The only places that a link in a mail may lead to: pages of the app itself. */
export function createRedirectCheck(appUrl: string) {
  const app = new URL(appUrl)
  return (target: string | null | undefined): string => {
    const url = parse(target)
    const isApp =
      url !== null &&
      url.protocol === app.protocol &&
      url.port === app.port &&
      isSameHost(url.hostname, app.hostname) &&
      url.username === '' &&
      url.password === ''
    return isApp ? url.href : appUrl
  }
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost'])
const isSameHost = (one: string, other: string) => one === other || (LOOPBACK.has(one) && LOOPBACK.has(other))

function parse(target: string | null | undefined): URL | null {
  try {
    return target ? new URL(target) : null
  } catch {
    return null
  }
}
