/** Makes the request of a turn of long ago again from the rows, and says whether it is the one that was sent. */
import type postgres from 'postgres'
import type { AttachmentStore } from './attachment-store.ts'
import { buildRequest, hashOf, type Request, type RequestMeta } from './history.ts'
import { PROMPT_VERSION } from './prompt/system.ts'
import { readHistoryBefore, readTurn } from './rows.ts'
import { TOOLS_VERSION } from './tools/index.ts'

export type Replay = {
  request: Request
  isSame: boolean
  /** Why it cannot be: the words of today are not those of then. */
  changed: ('prompt' | 'tools' | 'history')[]
}

export async function replay(
  sql: postgres.Sql,
  turnId: string,
  attachments?: AttachmentStore,
): Promise<Replay | null> {
  const turn = await readTurn(sql, turnId)
  if (!turn) return null
  const meta = turn.request_meta as unknown as RequestMeta
  const history = await readHistoryBefore(sql, turn.chat_id, turn.turn)
  const request = buildRequest(history, meta, await attachments?.load(history))
  const isSame = hashOf(request) === turn.request_hash
  const words = [
    ...(meta.prompt === PROMPT_VERSION ? [] : (['prompt'] as const)),
    ...(meta.tools === TOOLS_VERSION ? [] : (['tools'] as const)),
  ]
  return { request, isSame, changed: isSame ? [] : words.length > 0 ? words : ['history'] }
}
