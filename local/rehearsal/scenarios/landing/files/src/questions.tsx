const QUESTIONS = [
  {
    question: 'What if I travel a lot?',
    answer: 'Tell us, and we send plants that drink once a fortnight. Some prefer to be left alone.',
  },
  {
    question: 'Are the plants safe for my cat?',
    answer: 'Say that there is a cat, and everything that we send is harmless to it.',
  },
  {
    question: 'What happens in winter?',
    answer:
      'Parcels are padded against frost. Below five degrees we wait for a milder day, and write to you.',
  },
  {
    question: 'Can I give it to somebody?',
    answer: 'Yes: for three, six or twelve months, with a card that you write.',
  },
]

export function Questions() {
  return (
    <section id="questions" className="mx-auto max-w-3xl px-6 py-20">
      <h2 className="text-3xl font-semibold tracking-tight">Questions</h2>
      <div className="mt-8 divide-y divide-line border-line border-y">
        {QUESTIONS.map(({ question, answer }) => (
          <details key={question} name="questions" className="group py-5">
            <summary className="flex cursor-pointer list-none justify-between gap-4 font-medium">
              {question}
              <span className="text-accent transition-transform group-open:rotate-45" aria-hidden>
                +
              </span>
            </summary>
            <p className="mt-3 text-muted text-pretty">{answer}</p>
          </details>
        ))}
      </div>
    </section>
  )
}
