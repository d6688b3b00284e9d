/** When and how a worker meets its end, drawn before it begins: at a named point, so that timing has no say in it. */
import type { Random } from './random.ts'

export type Fate = {
  end: 'kill' | 'freeze' | 'stop'
  /** Whichever comes first, each with the passage at which it counts. */
  points: { point: string; passage: number }[]
}

const ONCE = [
  'claim_run',
  'run_rows',
  'take_messages',
  'finish_run',
  'wait_for_person',
  'ask_question',
  'note_fault',
  'start_tool_call',
]
const OFTEN = [
  'open_turn',
  'close_turn',
  'open_entry',
  'close_entry',
  'close_tool_use',
  'finish_tool_call',
  'note_usage',
  'refuse_tool_use',
  'fail_tool_call',
  'read_history',
]

/** Where one that wakes up too late would do the most harm. */
const STALE = ['open_turn', 'finish_tool_call', 'close_turn', 'finish_run', 'take_messages']

export function drawFate(random: Random): Fate {
  const side = () => random.one(['before', 'after'])
  const points = [
    { point: `${side()}:${random.one(ONCE)}`, passage: 1 },
    { point: `${side()}:${random.one(OFTEN)}`, passage: random.whole(1, 3) },
    { point: `${side()}:${random.one(OFTEN)}`, passage: random.whole(1, 5) },
    { point: `${side()}:append_to_entry`, passage: random.whole(1, 12) },
  ]
  const end = random.chance(0.75) ? 'kill' : random.one(['freeze', 'stop'] as const)
  if (end !== 'kill') points.push({ point: `before:${random.one(STALE)}`, passage: random.whole(1, 2) })
  return { end, points: points.slice(random.whole(0, 2)) }
}

/** For BATON_FAULTS. Who is to be killed or stopped stands still at its point until that is done from outside. */
export function rulesOf({ points }: Fate, standsMs: number): string {
  return points.map(({ point, passage }) => `${point}#${passage}=freeze:${standsMs}`).join()
}

/** The point that a worker has reached, by the passages that it noted. */
export function reached({ points }: Fate, passages: string[]): string | null {
  const met = points.find(({ point, passage }) => passages.filter((line) => line === point).length >= passage)
  return met ? `${met.point}#${met.passage}` : null
}
