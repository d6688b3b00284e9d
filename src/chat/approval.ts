/** The tool `set_plan`, when it asks whether to go on with its plan. */
import type { PlanItem } from '../../supabase/functions/_shared/protocol.ts'

const STATES = ['todo', 'doing', 'done']

export function planOf(value: unknown): PlanItem[] {
  return Array.isArray(value) ? value.filter(isItem) : []
}

function isItem(value: unknown): value is PlanItem {
  const { text, state } = Object(value) as Partial<PlanItem>
  return typeof text === 'string' && STATES.includes(state ?? '')
}

export type Decision = { approved: boolean; note: string }

/** The result of the call is the decision as JSON; null when there was none. */
export function decisionOf(result: string | null): Decision | null {
  try {
    const { approved, note } = Object(JSON.parse(result ?? '')) as Partial<Decision>
    return typeof approved === 'boolean' ? { approved, note: typeof note === 'string' ? note : '' } : null
  } catch {
    return null
  }
}
