import { ListChecks } from 'lucide-react'
import { type FormEvent, useId, useState } from 'react'
import type { Entry, Question, ToolCall } from '../../supabase/functions/_shared/protocol.ts'
import { type BatonError, sentenceOf, toBatonError } from '../errors.ts'
import { rpc } from '../rpc.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { decisionOf, planOf } from './approval.ts'
import { useChat } from './chat.ts'
import { Steps } from './plan-list.tsx'
import { endedBy } from './question-row.tsx'
import { TextArea } from './text-area.tsx'

/** A plan that the agent begins only when somebody of the team agrees to it. */
export function ApprovalRow({ entry }: { entry: Entry }) {
  const question = useChat(({ questions }) =>
    questions.find(({ tool_call_id }) => tool_call_id === entry.tool_call?.id),
  )
  if (question) return <OpenApproval key={question.id} question={question} />
  const { tool_call } = entry
  return (
    <div className="flex flex-col gap-2 rounded-lg border border-line px-3 py-2">
      <p className="flex gap-2">
        <ListChecks className="mt-0.5 size-4 shrink-0 text-muted" aria-hidden />
        <span className="min-w-0 wrap-anywhere">
          {tool_call?.ended_at ? outcomeOf(tool_call) : 'A plan is being written'}
        </span>
      </p>
      <ul className="ml-6">
        <Steps plan={planOf(tool_call?.input.items)} />
      </ul>
    </div>
  )
}

function outcomeOf(call: ToolCall): string {
  const decision = decisionOf(call.result)
  if (!decision) return 'The plan was withdrawn before anybody decided.'
  const words = endedBy(call, decision.approved ? 'The plan was approved' : 'The plan was rejected')
  return decision.note ? `${words}: ${decision.note}` : `${words}.`
}

function OpenApproval({ question }: { question: Question }) {
  const [note, setNote] = useState('')
  const [pending, setPending] = useState<'yes' | 'no' | null>(null)
  const [error, setError] = useState<BatonError | null>(null)
  const titleId = useId()
  const decide = async (approved: boolean) => {
    if (pending) return
    setPending(approved ? 'yes' : 'no')
    setError(null)
    const words = note.trim()
    try {
      const answer = words ? { approved, note: words } : { approved }
      await rpc('answer_question', { question_id: question.id, answer })
    } catch (cause) {
      setError(toBatonError(cause))
      setPending(null)
    }
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void decide(true)
  }
  return (
    <form
      aria-labelledby={titleId}
      onSubmit={submit}
      className="flex flex-col gap-3 rounded-lg border border-need bg-need-soft p-3"
    >
      <p id={titleId} className="flex gap-2 font-medium text-need-text">
        <ListChecks className="mt-0.5 size-4 shrink-0" aria-hidden />
        Shall the agent go on with this plan?
      </p>
      <ul className="ml-6">
        <Steps plan={planOf(question.prompt.plan)} />
      </ul>
      <TextArea
        label="A note for the agent"
        placeholder="A note for the agent, if you like"
        value={note}
        maxLength={4_000}
        onChange={(event) => setNote(event.target.value)}
        // Enter must not decide: a note may be a refusal.
        onSend={() => undefined}
      />
      {error && <Callout tone="bad">{sentenceOf(error)}</Callout>}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={() => decide(false)} pending={pending === 'no'} disabled={pending === 'yes'}>
          Reject
        </Button>
        <Button type="submit" look="primary" pending={pending === 'yes'} disabled={pending === 'no'}>
          Approve
        </Button>
      </div>
    </form>
  )
}
