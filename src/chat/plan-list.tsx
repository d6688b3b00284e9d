import { Check, ChevronRight, Circle, CircleDot } from 'lucide-react'
import { useId } from 'react'
import type { PlanItem } from '../../supabase/functions/_shared/protocol.ts'
import { classes } from '../ui/classes.ts'
import { useChat } from './chat.ts'
import type { ChatState } from './chat-changes.ts'
import { useOpening } from './openings.ts'

const GLYPHS = { todo: Circle, doing: CircleDot, done: Check }
const WORDS = { todo: 'to do', doing: 'in progress', done: 'done' }

/** What the agent is about to do; open while something of it is left. Who is asked about it reads it there. */
export function PlanList() {
  const plan = useChat((chat) => chat.plan)
  const done = plan.filter(({ state }) => state === 'done').length
  const [isOpen, toggle] = useOpening('plan', done < plan.length)
  const listId = useId()
  const isAskedAbout = useChat(asksAboutPlan)
  if (plan.length === 0 || isAskedAbout) return null
  const current = plan.find(({ state }) => state === 'doing')
  return (
    <section aria-label="Plan" className="rounded-md border border-line">
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={listId}
        onClick={toggle}
        className="flex min-h-8 w-full items-center gap-2 px-3 text-left text-muted hover:bg-hover pointer-coarse:min-h-11"
      >
        <span className="font-medium text-text">Plan</span>
        <span className="tabular text-xs">
          {done} of {plan.length}
        </span>
        <span className="min-w-0 flex-1 truncate text-faint">{!isOpen && current?.text}</span>
        <ChevronRight className={classes('size-4 shrink-0 text-faint', isOpen && 'rotate-90')} aria-hidden />
      </button>
      <ul id={listId} hidden={!isOpen} className="max-h-40 overflow-y-auto px-3 pb-2">
        <Steps plan={plan} />
      </ul>
    </section>
  )
}

const asksAboutPlan = ({ questions, entries }: ChatState) =>
  questions.some(
    (question) =>
      entries.findLast(({ tool_call }) => tool_call?.id === question.tool_call_id)?.tool_call?.name ===
      'set_plan',
  )

export function Steps({ plan }: { plan: readonly PlanItem[] }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: a step is known by its place
  return plan.map((item, index) => <Step key={index} item={item} />)
}

function Step({ item: { text, state } }: { item: PlanItem }) {
  const Glyph = GLYPHS[state]
  return (
    <li className={classes('flex items-start gap-2 py-0.5', state === 'done' && 'text-muted')}>
      <Glyph
        className={classes('mt-0.5 size-4 shrink-0', state === 'todo' ? 'text-faint' : 'text-live-text')}
        aria-hidden
      />
      <span className="sr-only">{WORDS[state]}:</span>
      <span className="min-w-0 wrap-anywhere">{text}</span>
    </li>
  )
}
