/**
 * From the name that a request was sent to, to the app that is meant. A name that is not exactly one of ours, port
 * included, is nobody's: whoever points a name of theirs here (DNS rebinding) or lies in the Host header gets nothing.
 */
export type Address =
  | { kind: 'preview' | 'production' | 'domain'; label: string }
  | { kind: 'front' }
  | { kind: 'foreign' }

/** As the browser sees them: `preview.localhost:54323`, `apps.localhost:54323`. */
export type Domains = { preview: string; apps: string; customDomains: boolean }

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
const NAME = /^(?=.{4,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$/

export function addressOf(host: string, domains: Domains): Address {
  const name = host.toLowerCase()
  if (name === domains.preview || name === domains.apps || isLoopback(name)) return { kind: 'front' }
  const preview = labelBelow(domains.preview, name)
  if (preview !== null) return preview ? { kind: 'preview', label: preview } : { kind: 'foreign' }
  const app = labelBelow(domains.apps, name)
  if (app !== null) return app ? { kind: 'production', label: app } : { kind: 'foreign' }
  return domains.customDomains && NAME.test(name) && !/^[\d.]+$/.test(name)
    ? { kind: 'domain', label: name }
    : { kind: 'foreign' }
}

/** Null: not below that domain. Empty: below it, and no label. */
function labelBelow(domain: string, name: string): string | null {
  if (!name.endsWith(`.${domain}`)) return null
  const label = name.slice(0, -domain.length - 1)
  return LABEL.test(label) ? label : ''
}

const isLoopback = (name: string) => /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(name)

/** The slug of a label with or without a key. */
export const slugOf = (label: string): string => label.split('--', 1)[0] ?? label
