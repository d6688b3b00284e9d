/** Browsers send a file as a form; the storage library wants the bytes themselves, and what the form says as headers. */
import { Refusal } from '../http/refusal.ts'

export type SentFile = { body: Uint8Array<ArrayBuffer>; headers: Headers }

export const isForm = (headers: Headers) =>
  (headers.get('content-type') ?? '').toLowerCase().startsWith('multipart/form-data')

export async function fileOfForm(body: Uint8Array<ArrayBuffer>, headers: Headers): Promise<SentFile> {
  const form = await parse(body, headers)
  const file = [...form.values()].find((value) => value instanceof File)
  if (!(file instanceof File)) {
    throw new Refusal(400, { statusCode: '400', error: 'InvalidRequest', message: 'The form holds no file.' })
  }
  const bytes = new Uint8Array(await file.arrayBuffer())
  const sent = new Headers(headers)
  sent.set('content-type', file.type || 'application/octet-stream')
  sent.set('content-length', String(bytes.byteLength))
  const seconds = form.get('cacheControl')
  if (typeof seconds === 'string' && /^\d+$/.test(seconds)) sent.set('cache-control', `max-age=${seconds}`)
  return { body: bytes, headers: sent }
}

async function parse(body: Uint8Array<ArrayBuffer>, headers: Headers): Promise<FormData> {
  try {
    return await new Response(body, {
      headers: { 'content-type': headers.get('content-type') ?? '' },
    }).formData()
  } catch {
    throw new Refusal(400, {
      statusCode: '400',
      error: 'InvalidRequest',
      message: 'The form cannot be read.',
    })
  }
}
