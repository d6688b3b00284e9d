/** Where the storage library answers otherwise than the storage API does, for the service object of one request. */
import { type ListedObject, type ListingOptions, listFolder } from './object-listing.ts'

type Rows = Record<string, unknown>[]
export type StorageService = {
  list(bucket: string, prefix?: string, options?: object): Promise<Rows>
  createSignedUrl(bucket: string, path: string, expiresIn: number): Promise<object>
  createSignedUrls(bucket: string, paths: string[], expiresIn: number): Promise<object[]>
  createSignedUploadUrl(bucket: string, path: string, upsert?: boolean, about?: object): Promise<object>
}

export function applyStorageRules(service: StorageService): void {
  const { list, createSignedUrl, createSignedUrls, createSignedUploadUrl } = service

  service.list = async (bucket, folder = '', options: ListingOptions = {}) => {
    const objects = await list.call(service, bucket, folder)
    return listFolder(objects as ListedObject[], folder, options)
  }
  service.createSignedUrl = async (bucket, path, expiresIn) =>
    signed(await createSignedUrl.call(service, bucket, path, expiresIn))
  service.createSignedUrls = async (bucket, paths, expiresIn) =>
    (await createSignedUrls.call(service, bucket, paths, expiresIn)).map(signed)
  service.createSignedUploadUrl = async (bucket, path, upsert, about) => {
    const answer = signed(await createSignedUploadUrl.call(service, bucket, path, upsert, about))
    return { ...answer, url: answer.signedURL }
  }
}

/** Relative to the storage API, and spelled as its clients read it. */
function signed(answer: object): { signedURL: string | null } {
  const { signedUrl = '', ...rest } = answer as { signedUrl?: string }
  return { ...rest, signedURL: signedUrl === '' ? null : signedUrl.replace(/^\/storage\/v1/, '') }
}
