import { CircleHelp } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { Entry, Question, ToolCall } from '../../supabase/functions/_shared/protocol.ts'
import { type BatonError, sentenceOf, toBatonError } from '../errors.ts'
import { rpc } from '../rpc.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { useChat } from './chat.ts'
import { nameOf } from './message-row.tsx'
import { answerOf, answerText, type Prompt, promptOf } from './question-prompt.ts'
import { TextArea } from './text-area.tsx'

/** A question of the agent, where it was asked. Whoever of the team answers first, answers. */
export function QuestionRow({ entry }: { entry: Entry }) {
  const question = useChat(({ questions }) =>
    questions.find(({ tool_call_id }) => tool_call_id === entry.tool_call?.id),
  )
  if (question) return <OpenQuestion key={question.id} question={question} />
  const { tool_call } = entry
  const prompt = promptOf(tool_call?.input)
  const isOver = tool_call?.state === 'complete'
  return (
    <div className="flex flex-col gap-1 rounded-lg border border-line px-3 py-2">
      <p className="flex gap-2">
        <CircleHelp className="mt-0.5 size-4 shrink-0 text-muted" aria-hidden />
        <span className="min-w-0 wrap-anywhere">{prompt.question || 'A question is being written'}</span>
      </p>
      {tool_call?.ended_at && (
        <p className="ml-6 text-muted wrap-anywhere">
          {isOver
            ? `${endedBy(tool_call, 'Answered')}: ${answerText(tool_call.result)}`
            : 'Withdrawn without an answer.'}
        </p>
      )}
    </div>
  )
}

/** "Answered by Ada", where it is known who. */
export const endedBy = ({ ended_by }: ToolCall, verb: string) =>
  ended_by ? `${verb} by ${nameOf(ended_by)}` : verb

function OpenQuestion({ question }: { question: Question }) {
  const prompt = promptOf(question.prompt)
  const [chosen, setChosen] = useState<string[]>([])
  const [words, setWords] = useState('')
  const [pending, setPending] = useState(false)
  const [error, setError] = useState<BatonError | null>(null)
  const answer = answerOf(prompt, chosen, words)

  const send = async () => {
    if (answer === null || pending) return
    setPending(true)
    setError(null)
    try {
      await rpc('answer_question', { question_id: question.id, answer })
    } catch (cause) {
      setError(toBatonError(cause))
      setPending(false)
    }
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void send()
  }
  const choose = (label: string) =>
    setChosen((before) => (prompt.multiple ? toggled(before, label) : [label]))

  return (
    <form onSubmit={submit} className="flex flex-col gap-3 rounded-lg border border-need bg-need-soft p-3">
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-2 flex gap-2 font-medium text-need-text">
          <CircleHelp className="mt-0.5 size-4 shrink-0" aria-hidden />
          <span className="min-w-0 wrap-anywhere">{prompt.question}</span>
        </legend>
        <Options prompt={prompt} chosen={chosen} onChoose={choose} name={question.id} />
      </fieldset>
      {prompt.free_text && (
        <TextArea
          label={prompt.options.length > 0 ? 'Or in your own words' : 'Your answer'}
          placeholder={prompt.options.length > 0 ? 'Or in your own words' : 'Your answer'}
          value={words}
          onChange={(event) => setWords(event.target.value)}
          onSend={send}
        />
      )}
      {error && <Callout tone="bad">{sentenceOf(error)}</Callout>}
      <Button type="submit" look="primary" pending={pending} disabled={answer === null} className="self-end">
        Answer
      </Button>
    </form>
  )
}

type OptionsProps = { prompt: Prompt; chosen: string[]; name: string; onChoose(label: string): void }

function Options({ prompt, chosen, name, onChoose }: OptionsProps) {
  return prompt.options.map(({ label, description }) => (
    <label
      key={label}
      className="flex min-h-9 items-start gap-2.5 rounded-md border border-line bg-surface px-3 py-2 has-checked:border-line-strong has-checked:bg-hover pointer-coarse:min-h-11"
    >
      <input
        type={prompt.multiple ? 'checkbox' : 'radio'}
        name={name}
        checked={chosen.includes(label)}
        onChange={() => onChoose(label)}
        className="mt-1 accent-ink"
      />
      <span className="min-w-0 wrap-anywhere">
        {label}
        {description && <span className="block text-muted">{description}</span>}
      </span>
    </label>
  ))
}

const toggled = (labels: string[], label: string) =>
  labels.includes(label) ? labels.filter((one) => one !== label) : [...labels, label]
