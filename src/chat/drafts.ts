import type { Draft } from './outbox.ts'

export const EMPTY_DRAFT: Draft = { content: '', attachments: [] }

/** What somebody was about to say in a chat: of this person, in this browser, over reloads. */
const keyOf = (userId: string, chatId: string) => `baton.draft.${userId}.${chatId}`

export function readDraft(userId: string, chatId: string): Draft {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(keyOf(userId, chatId)) ?? 'null')
    return isDraft(found) ? found : EMPTY_DRAFT
  } catch {
    return EMPTY_DRAFT
  }
}

export function writeDraft(userId: string, chatId: string, draft: Draft): void {
  const key = keyOf(userId, chatId)
  if (draft.content === '' && draft.attachments.length === 0) localStorage.removeItem(key)
  else localStorage.setItem(key, JSON.stringify(draft))
}

function isDraft(value: unknown): value is Draft {
  const { content, attachments } = Object(value) as Partial<Draft>
  return typeof content === 'string' && Array.isArray(attachments)
}
