/** What people give with a message, as the model can see it. What it cannot see, it is told about. */
import type Anthropic from '@anthropic-ai/sdk'
import type { Attachment, Entry } from '../_shared/protocol.ts'

/** By path. An image as base64, a text as it is, or why neither could be had. */
export type Contents = Map<string, { data: string } | { fault: string }>

export const attachmentsOf = ({ data }: Entry): Attachment[] =>
  Array.isArray(data.attachments) ? (data.attachments as Attachment[]) : []

export const isImage = ({ media_type }: Attachment) => media_type.startsWith('image/')

const IMAGE_TYPES = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'] as const
const MOST_IMAGE_BYTES = 5_000_000
const MOST_TEXT_CHARACTERS = 200_000

export function attachmentBlock(attachment: Attachment, contents: Contents): Anthropic.ContentBlockParam {
  const content = contents.get(attachment.path) ?? { fault: 'it could not be read' }
  if ('fault' in content) return unseen(attachment, content.fault)
  return isImage(attachment) ? imageBlock(attachment, content.data) : textBlock(attachment, content.data)
}

function imageBlock(attachment: Attachment, data: string): Anthropic.ContentBlockParam {
  const media_type = IMAGE_TYPES.find((type) => type === attachment.media_type)
  if (!media_type) return unseen(attachment, `you see only ${IMAGE_TYPES.join(', ')}`)
  if (data === '') return unseen(attachment, 'it is empty')
  if (data.length * 0.75 > MOST_IMAGE_BYTES) return unseen(attachment, 'it is larger than 5 MB')
  return { type: 'image', source: { type: 'base64', media_type, data } }
}

function textBlock(attachment: Attachment, text: string): Anthropic.ContentBlockParam {
  if (text.trim() === '') return unseen(attachment, 'it is empty')
  const data = text.slice(0, MOST_TEXT_CHARACTERS)
  const title = data.length < text.length ? `${attachment.name} (only its beginning)` : attachment.name
  return { type: 'document', source: { type: 'text', media_type: 'text/plain', data }, title }
}

const unseen = ({ name }: Attachment, why: string): Anthropic.TextBlockParam => ({
  type: 'text',
  text: `[Baton] "${name}" was attached, but you cannot see it: ${why}.`,
})
