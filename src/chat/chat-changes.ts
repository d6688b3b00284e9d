/**
 * A chat on screen: its snapshot, folded over the events of its project. Events of other chats change nothing. Entries
 * are looked up from the end, where nearly everything happens, so that a chat of ten thousand streams like a new one.
 */
import type {
  BatonEvent,
  ChatSnapshot,
  Entry,
  EntryClosing,
  QueuedMessage,
  Run,
  ToolCall,
  Turn,
} from '../../supabase/functions/_shared/protocol.ts'

/** `first_turn`: entries before this turn are not here, but in older pages (if `more` says so). */
export type ChatState = ChatSnapshot & { first_turn: number }

export function chatState(snapshot: ChatSnapshot): ChatState {
  return { ...snapshot, first_turn: snapshot.more ? (snapshot.entries[0]?.turn ?? 0) : 0 }
}

/** The same object when the event is not about this chat. */
export function applyChatEvent(chat: ChatState, event: BatonEvent): ChatState {
  return chatOf(event) === chat.chat.id ? applyOwnEvent(chat, event) : chat
}

function chatOf({ kind, payload }: BatonEvent): string | null {
  if (kind === 'chat.renamed' || kind === 'chat.archived') return payload.id
  return 'chat_id' in payload ? payload.chat_id : null
}

function applyOwnEvent(chat: ChatState, event: BatonEvent): ChatState {
  switch (event.kind) {
    case 'chat.renamed':
    case 'chat.archived':
      return { ...chat, chat: { ...chat.chat, ...event.payload } }
    case 'plan.changed':
      return { ...chat, plan: event.payload.items }
    case 'message.queued':
      return { ...chat, messages: [...without(chat.messages, event.payload.id), event.payload] }
    case 'message.edited':
      return { ...chat, messages: edited(chat.messages, event.payload) }
    case 'message.removed':
      return { ...chat, messages: without(chat.messages, event.payload.id) }
    case 'entry.opened':
      return withUsage(opened(chat, event.payload), usageOf(event.payload))
    case 'entry.appended':
      return patchEntry(chat, event.payload.id, (entry) => ({
        ...entry,
        text: entry.text.slice(0, event.payload.offset) + event.payload.text,
      }))
    case 'entry.closed':
      return closed(chat, event.payload)
    case 'entry.dropped':
      return dropped(chat, event.payload.from_turn)
    case 'tool.changed':
      return patchEntry(chat, event.payload.entry_id, (entry) => withToolCall(entry, event.payload))
    case 'question.asked':
      return { ...chat, questions: [...without(chat.questions, event.payload.id), event.payload] }
    case 'question.closed':
      return { ...chat, questions: without(chat.questions, event.payload.id) }
    case 'turn.opened':
      return { ...chat, turn: event.payload }
    case 'turn.closed':
      return withUsage(
        event.payload.entries.reduce(closed, withoutTurn(chat, event.payload.id)),
        event.payload.usage,
      )
    case 'usage.noted':
      return withUsage(chat, event.payload.usage)
    case 'run.changed':
      return withRun(chat, event.payload)
    default:
      return chat
  }
}

/** A message that was waiting is now part of the conversation. */
function opened(chat: ChatState, entry: Entry): ChatState {
  const { message_id } = entry.data
  const messages = typeof message_id === 'string' ? without(chat.messages, message_id) : chat.messages
  const after = chat.entries.findLastIndex((one) => comesBefore(one, entry))
  if (chat.entries[after + 1]?.id === entry.id) return { ...chat, messages }
  return { ...chat, messages, entries: chat.entries.toSpliced(after + 1, 0, entry) }
}

const comesBefore = (one: Entry, other: Entry) =>
  one.turn === other.turn ? one.index < other.index : one.turn < other.turn

type Closing = EntryClosing & { tail?: string }

function closed(chat: ChatState, { id, data, in_history, closed_at, tail = '' }: Closing): ChatState {
  return patchEntry(chat, id, (entry) => ({
    ...entry,
    text: entry.text + tail,
    data,
    in_history,
    closed_at,
    state: 'closed',
  }))
}

/** What is in older pages may be dropped too: they are asked for anew, from there. */
function dropped(chat: ChatState, fromTurn: number): ChatState {
  return {
    ...chat,
    first_turn: Math.min(chat.first_turn, fromTurn),
    entries: chat.entries.filter(({ turn }) => turn < fromTurn),
  }
}

type ToolChange = Extract<BatonEvent, { kind: 'tool.changed' }>['payload']

function withToolCall(entry: Entry, { closed_at, input, tail = '', ...change }: ToolChange): Entry {
  const before = entry.tool_call?.input ?? {}
  if (!closed_at) return { ...entry, tool_call: { ...change, input: input ?? before } }
  const tool_call = { ...change, input: input ?? parsed(entry.text + tail) ?? before }
  return { ...entry, text: '', state: 'closed', closed_at, tool_call }
}

function parsed(text: string): ToolCall['input'] | null {
  try {
    return Object(JSON.parse(text)) as ToolCall['input']
  } catch {
    return null
  }
}

function withoutTurn(chat: ChatState, turnId: string): ChatState {
  return chat.turn?.id === turnId ? { ...chat, turn: null } : chat
}

/** To sum up is no turn, but takes tokens like one. */
const usageOf = ({ kind, data }: Entry) => (kind === 'compaction' ? (data.usage as Turn['usage']) : null)

function withUsage(chat: ChatState, usage: Turn['usage']): ChatState {
  if (!usage) return chat
  const count = (name: string) => Number(usage[name] ?? 0)
  return {
    ...chat,
    usage: {
      ...chat.usage,
      input_tokens: chat.usage.input_tokens + count('input_tokens'),
      output_tokens: chat.usage.output_tokens + count('output_tokens'),
      cache_read_tokens: chat.usage.cache_read_tokens + count('cache_read_input_tokens'),
      cache_write_tokens: chat.usage.cache_write_tokens + count('cache_creation_input_tokens'),
    },
  }
}

/** Money is counted by runs, since a compaction costs too and is no turn. */
function withRun(chat: ChatState, run: Run): ChatState {
  const isSame = chat.run?.id === run.id
  if (chat.run && !isSame && run.created_at < chat.run.created_at) return chat
  const spent = run.cost_usd - (isSame ? (chat.run?.cost_usd ?? 0) : 0)
  const cost_usd = chat.usage.cost_usd + spent
  const cost_is_partial = chat.usage.cost_is_partial || run.cost_is_partial
  return { ...chat, run, usage: { ...chat.usage, cost_usd, cost_is_partial } }
}

function patchEntry(chat: ChatState, id: string, change: (entry: Entry) => Entry): ChatState {
  const at = chat.entries.findLastIndex((entry) => entry.id === id)
  const entry = chat.entries[at]
  return entry ? { ...chat, entries: chat.entries.with(at, change(entry)) } : chat
}

function edited(messages: QueuedMessage[], { id, content }: { id: string; content: string }) {
  return messages.map((message) => (message.id === id ? { ...message, content } : message))
}

function without<Row extends { id: string }>(rows: Row[], id: string): Row[] {
  return rows.some((row) => row.id === id) ? rows.filter((row) => row.id !== id) : rows
}
