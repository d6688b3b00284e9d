/**
 * What a browser is told of an app that strangers wrote. It may reach the web over https, and the origins that its own
 * settings name; it runs only the scripts of its deployment (inline ones by their hash); it is framed by Baton alone.
 * A service worker would outlive the deployment that brought it: workers are allowed, and the handler refuses the request
 * by which a worker becomes a service worker.
 */
import type { DeploymentKind } from '../../supabase/functions/_shared/protocol.ts'

export type PolicyParts = {
  kind: DeploymentKind
  /** Origins of the Baton app. */
  appOrigins: string[]
  /** Hashes of the page's own inline scripts. */
  scripts?: string[]
  /** Origins that are not https, out of the app's public settings. */
  connect?: string[]
}

export function contentSecurityPolicy({ kind, appOrigins, scripts = [], connect = [] }: PolicyParts): string {
  const sources = (...parts: string[]) => parts.join(' ')
  return [
    "default-src 'none'",
    sources("script-src 'self' 'wasm-unsafe-eval'", ...scripts.map((hash) => `'sha256-${hash}'`)),
    "style-src 'self' 'unsafe-inline' https:",
    "img-src 'self' data: blob: https:",
    "font-src 'self' data: https:",
    "media-src 'self' data: blob: https:",
    sources("connect-src 'self' data: blob: https: wss:", ...connect.filter(isOrigin)),
    "worker-src 'self' blob:",
    "frame-src 'self' blob: https:",
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self' https:",
    sources('frame-ancestors', ...(kind === 'production' ? ["'self'"] : []), ...appOrigins),
  ].join('; ')
}

const isOrigin = (value: string) => /^(https?|wss?):\/\/[a-z0-9.-]+(:\d{1,5})?$/i.test(value)

const DEVICES = ['camera', 'microphone', 'geolocation', 'display-capture']
const NEVER = [
  'payment',
  'usb',
  'serial',
  'hid',
  'bluetooth',
  'midi',
  'publickey-credentials-create',
  'publickey-credentials-get',
  'identity-credentials-get',
  'storage-access',
  'browsing-topics',
  'local-fonts',
  'idle-detection',
]

export function securityHeaders(parts: PolicyParts): Record<string, string> {
  const devices = DEVICES.map((feature) => `${feature}=${parts.kind === 'production' ? '(self)' : '()'}`)
  return {
    'content-security-policy': contentSecurityPolicy(parts),
    'x-content-type-options': 'nosniff',
    'referrer-policy': parts.kind === 'production' ? 'strict-origin-when-cross-origin' : 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'origin-agent-cluster': '?1',
    'permissions-policy': [...devices, ...NEVER.map((feature) => `${feature}=()`)].join(', '),
    'x-dns-prefetch-control': 'off',
    'x-permitted-cross-domain-policies': 'none',
    ...(parts.kind === 'preview' ? { 'x-robots-tag': 'noindex, nofollow' } : {}),
  }
}
