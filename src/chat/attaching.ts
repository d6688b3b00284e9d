/** Files that people give with a message: what may be given, and how it gets to the bucket. */
import type { Attachment } from '../../supabase/functions/_shared/protocol.ts'
import { toBatonError } from '../errors.ts'
import { supabase } from '../supabase.ts'

export const MOST_ATTACHMENTS = 10
const MOST_BYTES = 5_242_880
const BUCKET = 'attachments'
const ACCEPTED = /^(image\/(png|jpeg|gif|webp)|text\/[a-z0-9.+-]+|application\/json)$/

/** Why a file cannot be given, or null. */
export function whyNotAttach(file: Pick<File, 'name' | 'size'>, mediaType: string | null): string | null {
  if (mediaType === null) return `“${file.name}” is neither an image (PNG, JPEG, GIF, WebP) nor text.`
  if (file.size > MOST_BYTES) return `“${file.name}” is larger than 5 MB.`
  return file.size === 0 ? `“${file.name}” is empty.` : null
}

/** As the browser says, if that is accepted; otherwise plain text, if its beginning reads as text. */
export async function mediaTypeOf(file: File): Promise<string | null> {
  if (ACCEPTED.test(file.type)) return file.type
  if (file.type.startsWith('image/') && file.type !== 'image/svg+xml') return null
  const beginning = new Uint8Array(await file.slice(0, 4_096).arrayBuffer())
  return isText(beginning) ? 'text/plain' : null
}

function isText(bytes: Uint8Array): boolean {
  if (bytes.includes(0)) return false
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
    return true
  } catch {
    return false
  }
}

export async function upload(projectId: string, file: File, mediaType: string): Promise<Attachment> {
  const path = `${projectId}/${crypto.randomUUID()}`
  const { error } = await supabase.storage.from(BUCKET).upload(path, file, { contentType: mediaType })
  if (error) throw toBatonError(error)
  return { name: nameOf(file), media_type: mediaType, size: file.size, path }
}

/** Pasted pictures have no name worth keeping. */
const nameOf = ({ name }: File) => name.replace(/\p{C}/gu, '').trim().slice(0, 100) || 'Attachment'

export async function download({ path }: Attachment, signal: AbortSignal): Promise<Blob> {
  const { data, error } = await supabase.storage.from(BUCKET).download(path, {}, { signal })
  if (error) throw toBatonError(error)
  return data
}

export const isImage = ({ media_type }: Attachment) => media_type.startsWith('image/')
