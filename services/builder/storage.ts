/** Objects of the bucket `deployments`, over the Storage API. Contents never change, so writing one twice does no harm. */
import { setTimeout as pause } from 'node:timers/promises'

const BUCKET = 'deployments'
const PATIENCE_MS = 15_000
const AT_ONCE = 4

export type StoredObject = { path: string; type: string; content: string | Uint8Array }
export type Storage = {
  put(objects: StoredObject[]): Promise<void>
  /** Goes on trying while Storage is away, until `signal` says that it is no longer wanted. */
  putPatiently(objects: StoredObject[], signal: AbortSignal): Promise<void>
  has(path: string): Promise<boolean>
  remove(paths: string[]): Promise<void>
}

export function openStorage(apiUrl: string, secretKey: string): Storage {
  const base = `${apiUrl}/storage/v1/object`
  const call = async (url: string, init: RequestInit) => {
    const response = await fetch(url, {
      ...init,
      headers: { apikey: secretKey, ...(init.headers as Record<string, string> | undefined) },
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    const text = await response.text()
    if (!response.ok) throw new StorageFault(response.status, text)
  }
  const putOne = ({ path, type, content }: StoredObject) =>
    call(`${base}/${BUCKET}/${path}`, {
      method: 'POST',
      headers: { 'content-type': type, 'x-upsert': 'true', 'cache-control': 'max-age=31536000' },
      body: content as never,
    })

  const put = async (objects: StoredObject[]) => {
    const left = [...objects]
    const work = async () => {
      for (let object = left.pop(); object; object = left.pop()) await putOne(object)
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
  }

  return {
    put,
    async putPatiently(objects, signal) {
      for (let attempt = 0; ; attempt++) {
        try {
          return await put(objects)
        } catch (error) {
          signal.throwIfAborted()
          if (error instanceof StorageFault && error.isFinal) throw error
          await pause(backoff(attempt), undefined, { signal })
        }
      }
    },
    async has(path) {
      try {
        await call(`${base}/${BUCKET}/${path}`, { method: 'HEAD' })
        return true
      } catch (error) {
        if (error instanceof StorageFault && error.status < 500) return false
        throw error
      }
    },
    remove: (paths) =>
      call(`${base}/${BUCKET}`, {
        method: 'DELETE',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ prefixes: paths }),
      }),
  }
}

export class StorageFault extends Error {
  readonly status: number
  constructor(status: number, text: string) {
    super(`Storage answered ${status}: ${text.slice(0, 500)}`)
    this.status = status
  }
  get isFinal(): boolean {
    return this.status >= 400 && this.status < 500 && this.status !== 408 && this.status !== 429
  }
}

export const backoff = (attempt: number) =>
  Math.min(30_000, 250 * 2 ** Math.min(attempt, 8)) * (0.5 + Math.random())
