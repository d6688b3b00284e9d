import type { OutgoingHttpHeaders } from 'node:http'

export type Origins = {
  apiUrl: string
  /** `http://preview.localhost:54323`: each deployment lives on a subdomain of it. */
  previewUrl: string
}

export type Development = { nonce: string; appUrl: string }

/**
 * Scripts and styles come from this origin's files alone. The configuration in the page is a data block, which is
 * never executed and so needs no exception. Development adds one nonce, and the socket of the hot updates.
 */
export function contentSecurityPolicy({ apiUrl, previewUrl }: Origins, development?: Development): string {
  const api = new URL(apiUrl)
  const sockets = `${api.protocol === 'https:' ? 'wss' : 'ws'}://${api.host}`
  const preview = new URL(previewUrl)
  const nonce = development ? ` 'nonce-${development.nonce}'` : ''
  const hotUpdates = development ? ` ${development.appUrl.replace(/^http/, 'ws')}` : ''
  return [
    "default-src 'none'",
    `script-src 'self'${nonce}`,
    `style-src 'self'${nonce}`,
    "font-src 'self'",
    `img-src 'self' ${api.origin} blob: data:`,
    `connect-src 'self' ${api.origin} ${sockets}${hotUpdates}`,
    `frame-src ${preview.protocol}//*.${preview.host}`,
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

export function securityHeaders(origins: Origins, development?: Development): OutgoingHttpHeaders {
  return {
    'Content-Security-Policy': contentSecurityPolicy(origins, development),
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
  }
}
