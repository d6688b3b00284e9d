import type { Question } from './questions'

type Props = { question: Question; chosen: string | null; onChoose: (option: string) => void }

export function QuestionCard({ question, chosen, onChoose }: Props) {
  return (
    <section aria-labelledby="question">
      <h2 id="question" className="text-2xl font-semibold text-balance">
        {question.text}
      </h2>
      <ul className="mt-6 grid gap-3">
        {question.options.map((option) => (
          <li key={option}>
            <button
              type="button"
              disabled={chosen !== null}
              onClick={() => onChoose(option)}
              className={`flex w-full items-center gap-3 rounded-xl border bg-surface px-5 py-4 text-left transition-colors ${look(option, question, chosen)}`}
            >
              <span className="flex-1">{option}</span>
              {chosen !== null && option === question.answer && <span className="text-sm">Right</span>}
              {chosen === option && option !== question.answer && (
                <span className="text-sm">Not this one</span>
              )}
            </button>
          </li>
        ))}
      </ul>
      <p aria-live="polite" className="mt-5 min-h-12 text-muted">
        {chosen !== null && question.why}
      </p>
    </section>
  )
}

function look(option: string, { answer }: Question, chosen: string | null): string {
  if (chosen === null) return 'border-line hover:border-accent'
  if (option === answer) return 'border-accent bg-accent/10 font-medium'
  return chosen === option ? 'border-danger text-danger' : 'border-line text-muted'
}
