/** The bucket of deployments, over Storage's HTTP interface. */
import { type Store, Unavailable } from './source.ts'

const PATIENCE_MS = 5_000

export function createStorage(apiUrl: string, secretKey: string, fetcher: typeof fetch = fetch): Store {
  return {
    async read(path, range) {
      const headers = {
        apikey: secretKey,
        ...(range ? { range: `bytes=${range.at}-${range.at + range.size - 1}` } : {}),
      }
      let response: Response
      try {
        response = await fetcher(`${apiUrl}/storage/v1/object/deployments/${path}`, {
          headers,
          signal: AbortSignal.timeout(PATIENCE_MS),
        })
        if (response.status >= 500) throw new Error(`Storage answered ${response.status} for ${path}.`)
        if (!response.ok) {
          await response.body?.cancel()
          return null
        }
        const bytes = new Uint8Array(await response.arrayBuffer())
        return range && response.status === 200 ? bytes.subarray(range.at, range.at + range.size) : bytes
      } catch (cause) {
        throw new Unavailable('Storage does not answer.', { cause })
      }
    },
  }
}
