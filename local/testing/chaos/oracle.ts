/** Compares what the rows say with what the script says. Each complaint is a sentence; none means: nobody can tell. */
import { isDeepStrictEqual } from 'node:util'
import type { Entry } from '../../../supabase/functions/_shared/protocol.ts'
import { readTemplate } from '../../schema/template.ts'
import type { Evidence } from './evidence.ts'
import { checkLog } from './oracle-of-log.ts'
import { checkRequests } from './oracle-of-requests.ts'
import { type Block, blocksOf, callsOf, hashOf, keyOf, type Script, wordings } from './script.ts'
import { FILLER, lasting } from './story.ts'

export function judge(script: Script, evidence: Evidence): string[] {
  return [
    ...checkEntries(script, evidence),
    ...checkOrder(script, evidence),
    ...checkCalls(script, evidence),
    ...checkFiles(script, evidence),
    ...checkTurns(evidence),
    ...checkRuns(evidence),
    ...checkRequests(evidence),
    ...checkLog(evidence),
  ]
}

function same(what: string, found: unknown, expected: unknown): string[] {
  if (isDeepStrictEqual(found, expected)) return []
  const [one, other] = [JSON.stringify(found), JSON.stringify(expected)]
  const at = [...one].findIndex((_, place) => one[place] !== other[place])
  const near = (text: string) => text.slice(Math.max(0, at - 40), at + 160)
  return [`${what}: found … ${near(one)} …, expected … ${near(other)} …`]
}

function checkEntries(script: Script, { entries, messages }: Evidence): string[] {
  const told = entries.filter(({ in_history }) => in_history)
  const textOf = (...kinds: string[]) =>
    told.filter(({ kind, text }) => kinds.includes(kind) && text !== FILLER).map(({ text }) => text)
  const blocks = blocksOf(script)
  const meant = (kind: Block['kind']) =>
    blocks.flatMap((block) => (block.kind === kind && block.kind !== 'call' ? [block.text] : []))
  const said = textOf('message')
  const unheard = script.exchanges.filter((exchange, at) => !wordings(exchange).includes(said[at] ?? ''))
  return [
    ...same('the text', textOf('text').join(''), meant('text').join('')),
    ...same('the thinking', textOf('thinking'), meant('thinking')),
    ...same('the number of messages', said.length, script.exchanges.length),
    ...unheard.map(({ message }) => `the message "${message}" is not in its place`),
    ...messages
      .filter(({ state }) => state !== 'sent')
      .map(({ content, state }) => `"${content}" is ${state}`),
    ...same('messages of one client_id', new Set(messages.map((m) => m.client_id)).size, messages.length),
    ...entries
      .filter(({ state }) => state !== 'closed')
      .map(({ id, state }) => `the entry ${id} is ${state}`),
  ]
}

/** Blocks stand in the order of the script; only a call that is made again, after it came to nothing, may be late. */
function checkOrder(script: Script, { entries, calls }: Evidence): string[] {
  const blocks = blocksOf(script)
  const told = entries.filter(({ in_history, text }) => in_history && text !== FILLER)
  const lost = new Set(
    calls.map(({ api_id }) => keyOf(api_id)).filter((key, at, all) => all.indexOf(key) !== at),
  )
  const places = told.flatMap((entry) => placeOf(entry, blocks, lost, told))
  const wrong = places.findIndex((place, at) => at > 0 && place < places[at - 1]!)
  return wrong < 0 ? [] : [`block ${places[wrong]} stands after block ${places[wrong - 1]}`]
}

function placeOf(entry: Entry, blocks: Block[], lost: Set<string>, told: Entry[]): number[] {
  switch (entry.kind) {
    case 'thinking':
      return [blocks.findIndex((block) => block.kind === 'thinking' && block.text === entry.text)]
    case 'tool_use': {
      const key = keyOf(entry.tool_call!.api_id)
      return lost.has(key) ? [] : [blocks.findIndex((block) => block.kind === 'call' && block.key === key)]
    }
    case 'text': {
      const before = told
        .filter(({ kind }) => kind === 'text')
        .slice(0, told.filter(({ kind }) => kind === 'text').indexOf(entry))
      return [
        blockAt(
          blocks,
          before.reduce((length, { text }) => length + text.length, 0),
        ),
      ]
    }
    default:
      return []
  }
}

function blockAt(blocks: Block[], offset: number): number {
  let reached = 0
  return blocks.findIndex((block) => {
    if (block.kind === 'text') reached += block.text.length
    return block.kind === 'text' && reached > offset
  })
}

const UNANSWERED = 'The question was not answered.'

function checkCalls(script: Script, { calls }: Evidence): string[] {
  const kept = calls.filter(({ in_history }) => in_history)
  const ended = kept.map(({ api_id, state, result }) => ({
    id: api_id,
    result: result ?? '',
    isError: state !== 'complete',
  }))
  const done = lasting(script, ended)
  return [
    ...calls
      .filter(({ state }) => !['complete', 'error', 'cancelled'].includes(state))
      .map(({ api_id, state }) => `the call ${api_id} is ${state}`),
    ...same(
      'the calls',
      done.map(({ id }) => keyOf(id)).sort(),
      callsOf(script)
        .map(({ key }) => key)
        .sort(),
    ),
    ...callsOf(script).flatMap(({ key, name, says, isError }) => {
      const call = done.find(({ id }) => keyOf(id) === key)
      if (!call) return []
      const mayGoUnanswered = name === 'ask_user' && call.result === UNANSWERED
      return call.isError === isError && (call.result.includes(says) || mayGoUnanswered)
        ? []
        : [`the call ${key} of ${name} answered ${JSON.stringify(call)}, expected "${says}"`]
    }),
  ]
}

/** The template, then each effect once, by the call that it belongs to, and nothing else. */
function checkFiles(script: Script, { operations, files, calls, checkpoint, appName }: Evidence): string[] {
  const keys = new Map(calls.map(({ id, api_id }) => [id, keyOf(api_id)]))
  const found = operations.map(({ op, path, from_path, hash, tool_call_id }) => ({
    key: keys.get(tool_call_id ?? ''),
    op,
    path,
    from: from_path,
    hash: op === 'write' ? hash : null,
  }))
  const template = Object.entries(readTemplate())
  const planted = template.map(([path, content]) => ({
    key: undefined,
    op: 'write',
    path,
    from: null,
    hash: hashOf(content),
  }))
  const written = callsOf(script).flatMap(({ key, effect }) =>
    effect
      ? [
          {
            key,
            op: effect.op,
            path: effect.path,
            from: effect.op === 'move' ? effect.from : null,
            hash: effect.op === 'write' ? hashOf(effect.content) : null,
          },
        ]
      : [],
  )
  const byKey = (one: { key?: string | undefined }, other: { key?: string | undefined }) =>
    (one.key ?? '') < (other.key ?? '') ? -1 : 1
  const expected = [...planted, ...written]
  const tree = Object.fromEntries(
    [...template, ...script.files].map(([path, content]) => [path, hashOf(content)]).sort(),
  )
  const present = Object.fromEntries(files.map(({ path, hash }) => [path, hash]).sort())
  const kept = Object.fromEntries(
    Object.entries(checkpoint?.tree ?? {})
      .map(([path, { hash }]) => [path, hash])
      .sort(),
  )
  return [
    ...same('the operations', found.sort(byKey), expected.sort(byKey)),
    ...same(
      'their versions',
      operations.map(({ version }) => version),
      operations.map((_, at) => at + 1),
    ),
    ...same('the files', present, tree),
    ...files
      .filter(({ hash, content }) => hashOf(content) !== hash)
      .map(({ path }) => `${path} is not what its hash says`),
    ...(operations.length > 0 ? same('the last checkpoint', kept, tree) : []),
    ...(script.appName ? same('the name', appName, script.appName) : []),
  ]
}

function checkTurns({ turns }: Evidence): string[] {
  return turns.flatMap(({ turn, state, usage, used, stop_reason, same: isSame }) => [
    ...(state === 'streaming' ? [`turn ${turn} still streams`] : []),
    ...same(`the usage of turn ${turn}`, used, usage === null ? 0 : 1),
    ...(usage === null && /^(end_turn|tool_use)$/.test(stop_reason) ? [`turn ${turn} has no usage`] : []),
    ...(isSame ? [] : [`the request of turn ${turn} cannot be made again`]),
  ])
}

function checkRuns({ runs }: Evidence): string[] {
  return runs.flatMap(({ state, reason, error, cost_usd, used }, at) => [
    ...(state === 'completed' || (state === 'stopped' && at < runs.length - 1)
      ? []
      : [`run ${at} is ${state} (${reason}: ${JSON.stringify(error)})`]),
    ...same(`the cost of run ${at}`, Number(cost_usd), Number(used)),
  ])
}
