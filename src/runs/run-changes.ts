import type {
  BatonEvent,
  Run,
  RunSnapshot,
  ToolCall,
  Turn,
} from '../../supabase/functions/_shared/protocol.ts'

/** The newest runs of a project, newest first. */
export type RunList = { seq: number; runs: Run[]; more: boolean }

/** The input of a call is not in every event; a request is in none. They are fetched when somebody looks. */
export type RunCall = Omit<ToolCall, 'input'> & { input?: ToolCall['input'] }
export type RunTurn = Turn & Partial<Pick<RunSnapshot['turns'][number], 'request_hash' | 'request_meta'>>
export type RunState = { seq: number; run: Run; turns: RunTurn[]; tool_calls: RunCall[] }

export function applyRunListEvent(list: RunList, event: BatonEvent): RunList {
  if (event.kind !== 'run.changed') return list
  const run = event.payload
  if (list.runs.some(({ id }) => id === run.id))
    return { ...list, runs: list.runs.map((one) => (one.id === run.id ? run : one)) }
  const oldest = list.runs.at(-1)
  if (list.more && oldest && run.created_at < oldest.created_at) return list
  return {
    ...list,
    runs: [run, ...list.runs].sort((one, other) => (one.created_at < other.created_at ? 1 : -1)),
  }
}

export function applyRunEvent(state: RunState, event: BatonEvent): RunState {
  const { id } = state.run
  switch (event.kind) {
    case 'run.changed':
      return event.payload.id === id ? { ...state, run: event.payload } : state
    case 'turn.opened':
      return event.payload.run_id === id ? withTurn(state, event.payload) : state
    case 'turn.closed': {
      const { entries: _, ...turn } = event.payload
      return turn.run_id === id ? withTurn(state, turn) : state
    }
    case 'tool.changed': {
      const { closed_at: _, tail: __, ...call } = event.payload
      return call.run_id === id ? withCall(state, call) : state
    }
    default:
      return state
  }
}

function withTurn(state: RunState, turn: Turn): RunState {
  const isHere = state.turns.some(({ id }) => id === turn.id)
  const turns = isHere
    ? state.turns.map((one) => (one.id === turn.id ? { ...one, ...turn } : one))
    : [...state.turns, turn]
  return { ...state, turns }
}

function withCall(state: RunState, call: RunCall): RunState {
  const before = state.tool_calls.find(({ id }) => id === call.id)
  if (!before) return { ...state, tool_calls: [...state.tool_calls, call] }
  return {
    ...state,
    tool_calls: state.tool_calls.map((one) => (one === before ? merged(before, call) : one)),
  }
}

/** While a call is typed its input is empty, and is not what it will be. */
function merged(before: RunCall, call: RunCall): RunCall {
  if (call.input !== undefined || before.state === 'pending') return call
  return before.input === undefined ? call : { ...call, input: before.input }
}
