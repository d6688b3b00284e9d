export type BatonConfig = { apiUrl: string; publishableKey: string; previewUrl: string; version: string }

/** The server that serves this page says where the API is; a page hosted elsewhere has it from its build. */
function readConfig(): Partial<BatonConfig> {
  const block = document.getElementById('baton-config')?.textContent
  if (block) return JSON.parse(block) as Partial<BatonConfig>
  const { VITE_API_URL, VITE_PUBLISHABLE_KEY, VITE_PREVIEW_URL, VITE_VERSION } = import.meta.env
  return {
    ...(VITE_API_URL ? { apiUrl: VITE_API_URL } : {}),
    ...(VITE_PUBLISHABLE_KEY ? { publishableKey: VITE_PUBLISHABLE_KEY } : {}),
    previewUrl: VITE_PREVIEW_URL ?? '',
    version: VITE_VERSION ?? '',
  }
}

const found = readConfig()

export const isConfigured = Boolean(found.apiUrl && found.publishableKey)

export const config: BatonConfig = {
  apiUrl: '',
  publishableKey: '',
  previewUrl: '',
  version: '',
  ...found,
}

/** The embedded stack keeps the mails that it sends; elsewhere they really arrive. */
export function localMailboxUrl(apiUrl: string): string | null {
  const { hostname } = new URL(apiUrl)
  return ['127.0.0.1', 'localhost', '[::1]'].includes(hostname) ? `${apiUrl}/mailbox` : null
}
