/** A script is what the rehearsal model knows of one app or one theme: requests, and its answers to each. */
import type { Refusal, Reply, StopReason } from '../protocol/messages.ts'

export type Script = {
  /** The name of its folder or file: part of the ids of its tool calls, by which it finds its place again. */
  slug: string
  /** What it calls the app that it builds; null where it builds none. */
  app: string | null
  requests: ScriptedRequest[]
}

export type ScriptedRequest = {
  slug: string
  example: string
  when: RegExp
  /** The request that an app begins with, a change to that app, or neither. */
  kind: 'build' | 'change' | 'other'
  answers: Answer[]
}

/** What is said and done before the tools have answered: one call of the model. */
export type Answer = {
  parts: Part[]
  /** Only if the person's last answer to a question is like this. */
  given?: RegExp
  fault?: Refusal
  /** A fault or break that the next attempt of the same request survives. */
  once?: boolean
  stopReason?: StopReason
} & Pick<Reply, 'breaks' | 'tokensPerSecond' | 'firstTokenMs'>

export type Edit = { search: string; replace: string }

export type Part =
  | { kind: 'think'; text: string }
  | { kind: 'say'; text: string }
  | { kind: 'call'; name: string; input: Record<string, unknown> }
  | { kind: 'edit'; path: string; edits: Edit[] }
  /** A call whose input is no JSON. */
  | { kind: 'malformed'; name: string; json: string }
