import { useState } from 'react'
import { QuestionCard } from './question-card'
import { QUESTIONS } from './questions'
import { Result } from './result'

export default function App() {
  const [questions, setQuestions] = useState(QUESTIONS)
  const [at, setAt] = useState(0)
  const [chosen, setChosen] = useState<string | null>(null)
  const [right, setRight] = useState(0)
  const question = questions[at]

  function choose(option: string) {
    setChosen(option)
    if (option === question?.answer) setRight(right + 1)
  }

  function next() {
    setAt(at + 1)
    setChosen(null)
  }

  function restart() {
    setQuestions(QUESTIONS)
    setAt(0)
    setChosen(null)
    setRight(0)
  }

  return (
    <main className="mx-auto flex min-h-dvh max-w-xl flex-col px-5 py-10">
      <title>Curious</title>
      <header className="mb-10">
        <div className="flex items-baseline justify-between">
          <h1 className="font-semibold tracking-tight">Curious</h1>
          <p className="text-sm text-muted tabular-nums">
            {Math.min(at + 1, questions.length)} of {questions.length}
          </p>
        </div>
        <div className="mt-3 h-1.5 overflow-hidden rounded-full bg-line">
          <div
            className="h-full rounded-full bg-accent transition-[width]"
            style={{ width: `${(at / questions.length) * 100}%` }}
          />
        </div>
      </header>

      {question ? (
        <>
          <QuestionCard key={question.text} question={question} chosen={chosen} onChoose={choose} />
          {chosen !== null && (
            <button
              type="button"
              onClick={next}
              className="mt-4 h-12 self-end rounded-xl bg-accent px-8 font-medium text-on-accent"
            >
              {at + 1 < questions.length ? 'Next question' : 'See the result'}
            </button>
          )}
        </>
      ) : (
        <Result right={right} of={questions.length} onRestart={restart} />
      )}
    </main>
  )
}
