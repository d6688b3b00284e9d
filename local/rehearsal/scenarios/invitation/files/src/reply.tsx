import { useStored } from './use-stored'

type Answer = { name: string; comes: 'yes' | 'no' | '' }

/** Kept in the guest's browser until there is somewhere to send it; the page does not pretend otherwise. */
export function Reply() {
  const [answer, setAnswer] = useStored<Answer>('reply', { name: '', comes: '' })

  return (
    <section aria-labelledby="reply" className="mx-auto max-w-md px-6 py-20">
      <h2 id="reply" className="text-center text-3xl">
        Will you come?
      </h2>
      <input
        value={answer.name}
        onChange={(event) => setAnswer({ ...answer, name: event.target.value })}
        aria-label="Your name"
        placeholder="Your name"
        className="mt-8 h-12 w-full border-line border-b bg-transparent text-center text-lg placeholder:text-muted"
      />
      <div className="mt-6 grid grid-cols-2 gap-3">
        {(['yes', 'no'] as const).map((option) => (
          <button
            key={option}
            type="button"
            disabled={!answer.name.trim()}
            aria-pressed={answer.comes === option}
            onClick={() => setAnswer({ ...answer, comes: option })}
            className="h-12 rounded-full border border-line disabled:opacity-50 aria-pressed:border-accent aria-pressed:bg-accent aria-pressed:text-on-accent"
          >
            {option === 'yes' ? 'With joy' : 'Sadly not'}
          </button>
        ))}
      </div>
      <p role="status" className="mt-6 min-h-7 text-center text-muted">
        {answer.comes === 'yes' && `How lovely, ${answer.name}. We keep a chair for you.`}
        {answer.comes === 'no' && `Thank you for telling us, ${answer.name}. You will be missed.`}
      </p>
    </section>
  )
}
