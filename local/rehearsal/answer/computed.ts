/** Requests that are answered for whatever app is there: the answers are worked out from what is known of its files. */
import type { Call, Item } from '../conversation/conversation.ts'
import type { KnownFiles } from '../conversation/known-files.ts'
import type { Answer, Script } from '../script/script.ts'

export type Context = {
  /** The words of the person, and what the pattern found in them. */
  match: RegExpExecArray
  /** As the files were when the request was made, and as they were read for it. */
  files: KnownFiles
  /** What happened before the request, call by call. */
  before: Item[]
  scripts: Script[]
  /** The script of the app that is there, if it is one of ours. */
  current: Script | null
}

export type ComputedRequest = {
  slug: string
  example: string
  when: RegExp
  /** Files to look at first, unless they are known. */
  needs: string[]
  answers(context: Context): Answer[]
}

export const say = (text: string) => ({ kind: 'say' as const, text })
export const call = (name: string, input: Record<string, unknown>) => ({ kind: 'call' as const, name, input })
export const callsIn = (items: Item[]) => items.filter((item): item is Call => item.kind === 'call')
