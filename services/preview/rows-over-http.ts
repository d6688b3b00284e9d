/**
 * The same rows through the data API, for platforms that keep no connection open. Nobody is notified there: what is
 * remembered is good for a second (`hearing` is never called), and watched hosts are asked for as `poll` is called.
 */
import type { LiveDeployment } from '../../supabase/functions/_shared/protocol.ts'
import { type Former, type Rows, type StoredFile, Unavailable } from './source.ts'

const PATIENCE_MS = 5_000

export function rowsOverHttp(apiUrl: string, secretKey: string, fetcher: typeof fetch = fetch): Rows {
  let offset = 0

  const ask = async <Answer>(path: string, body?: unknown): Promise<Answer> => {
    try {
      const began = Date.now()
      const response = await fetcher(`${apiUrl}/rest/v1/${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { apikey: secretKey, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(PATIENCE_MS),
      })
      if (!response.ok)
        throw new Error(`${path} was answered with ${response.status}: ${await response.text()}`)
      const date = Date.parse(response.headers.get('date') ?? '')
      if (date) offset = Math.abs(date - began) < 1_500 ? 0 : date - began // the header has whole seconds
      return (await response.json()) as Answer
    } catch (cause) {
      throw new Unavailable('The data API does not answer.', { cause })
    }
  }

  return {
    live: (host_kind, label) => ask<LiveDeployment | null>('rpc/live_deployment', { host_kind, label }),
    async former(projectId, deploymentId) {
      const columns = 'select=id,version,manifest&limit=1'
      const rows = await ask<Former[]>(
        `deployments?id=eq.${deploymentId}&project_id=eq.${projectId}&${columns}`,
      )
      return rows[0] ?? null
    },
    async formerFile(projectId, kind, path) {
      const latest = `project_id=eq.${projectId}&kind=eq.${kind}&order=created_at.desc&limit=20`
      const rows = await ask<{ files: Record<string, StoredFile> }[]>(
        `deployments?select=files:manifest->files&${latest}`,
      )
      return rows.find(({ files }) => Object.hasOwn(files, path))?.files[path] ?? null
    },
    freshBlobs: (hashes) => ask('rpc/read_fresh_blobs', { hashes }),
    clockOffset: () => offset,
  }
}
