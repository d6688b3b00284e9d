/** Where the storage library answers otherwise than the storage API does, for the service object of one request. */
import { type ListedObject, type ListingOptions, listFolder } from './object-listing.ts'

type Rows = Record<string, unknown>[]
export type StorageService = {
  list(bucket: string, prefix?: string, options?: object): Promise<Rows>
  createSignedUrl(bucket: string, path: string, expiresIn: number): Promise<object>
  createSignedUploadUrl(bucket: string, path: string, upsert?: boolean, about?: object): Promise<object>
  verifySignedUrl(token: string): Promise<object>
}

/** What a token that cannot be trusted gives access to; the library refuses it for any object. */
const NOTHING = { bucket: '', path: '', intent: 'nothing', owner: null, upsert: false }

export function applyStorageRules(service: StorageService): void {
  const { list, createSignedUrl, createSignedUploadUrl, verifySignedUrl } = service

  service.list = async (bucket, folder = '', options: ListingOptions = {}) => {
    const objects = await list.call(service, bucket, folder)
    return listFolder(objects as ListedObject[], folder, options)
  }
  service.createSignedUrl = async (bucket, path, expiresIn) =>
    signed(await createSignedUrl.call(service, bucket, path, expiresIn))
  service.createSignedUploadUrl = async (bucket, path, upsert, about) => {
    const answer = signed(await createSignedUploadUrl.call(service, bucket, path, upsert, about))
    return { ...answer, url: answer.signedURL }
  }
  service.verifySignedUrl = (token) => verifySignedUrl.call(service, token).catch(() => NOTHING)
}

export type SignMany = { bucket: string; paths: string[]; expiresIn: number }

/** The library mistakes this request for one about a single object without a name. */
export function signManyIn(method: string, path: string, body: unknown): SignMany | null {
  const bucket = method === 'POST' && /^\/storage\/v1\/object\/sign\/([^/]+)\/?$/.exec(path)?.[1]
  const { paths, expiresIn } = (body ?? {}) as Partial<SignMany>
  const isComplete = Array.isArray(paths) && paths.every((each) => typeof each === 'string')
  return bucket && isComplete && typeof expiresIn === 'number' ? { bucket, paths, expiresIn } : null
}

export function signMany(service: StorageService, { bucket, paths, expiresIn }: SignMany): Promise<object[]> {
  return Promise.all(
    paths.map(async (path) => {
      try {
        return { path, error: null, ...(await service.createSignedUrl(bucket, path, expiresIn)) }
      } catch {
        return {
          path,
          error: 'Either the object does not exist or you do not have access to it',
          signedURL: null,
        }
      }
    }),
  )
}

/** Relative to the storage API, and spelled as its clients read it. */
function signed(answer: object): { signedURL: string | null } {
  const { signedUrl = '', ...rest } = answer as { signedUrl?: string }
  return { ...rest, signedURL: signedUrl === '' ? null : signedUrl.replace(/^\/storage\/v1/, '') }
}
