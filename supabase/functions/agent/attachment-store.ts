/** Reads attachments from storage. They never change, so each is read once by a worker. */
import { Buffer } from 'node:buffer'
import type { Attachment, Entry } from '../_shared/protocol.ts'
import { attachmentsOf, type Contents, isImage } from './attachments.ts'
import { storableText } from './storable.ts'

export type AttachmentStore = { load(history: Entry[]): Promise<Contents> }

export function openAttachmentStore({ url, key }: { url: string; key: string }): AttachmentStore {
  const contents: Contents = new Map()

  const fetchOne = async (attachment: Attachment) => {
    const path = attachment.path.split('/').map(encodeURIComponent).join('/')
    const response = await fetch(`${url}/storage/v1/object/attachments/${path}`, { headers: { apikey: key } })
    if (response.status >= 500) throw new Error(`Storage answered ${response.status} for ${attachment.path}.`)
    if (!response.ok) return void contents.set(attachment.path, { fault: 'it is not there any more' })
    const bytes = Buffer.from(await response.arrayBuffer())
    contents.set(attachment.path, { data: isImage(attachment) ? bytes.toString('base64') : textOf(bytes) })
  }

  return {
    async load(history) {
      const wanted = history.flatMap(attachmentsOf).filter(({ path }) => !contents.has(path))
      await Promise.all(wanted.map(fetchOne))
      return contents
    },
  }
}

const textOf = (bytes: Buffer) => storableText(bytes.toString('utf8').replace(/^\ufeff/, ''))
