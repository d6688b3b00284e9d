/** The bucket of deployments, over Storage's HTTP interface. */
import { type Store, Unavailable } from './source.ts'

const PATIENCE_MS = 5_000

export function createStorage(apiUrl: string, secretKey: string, fetcher: typeof fetch = fetch): Store {
  return {
    async read(path) {
      try {
        const response = await fetcher(`${apiUrl}/storage/v1/object/deployments/${path}`, {
          headers: { apikey: secretKey },
          signal: AbortSignal.timeout(PATIENCE_MS),
        })
        if (response.status >= 500) throw new Error(`Storage answered ${response.status} for ${path}.`)
        if (!response.ok) {
          await response.body?.cancel()
          return null
        }
        return new Uint8Array(await response.arrayBuffer())
      } catch (cause) {
        throw new Unavailable('Storage does not answer.', { cause })
      }
    },
  }
}
