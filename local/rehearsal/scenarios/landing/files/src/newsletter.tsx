import { type FormEvent, useState } from 'react'

/** There is no server yet: the address stays on the page, and the form says so. */
export function Newsletter() {
  const [email, setEmail] = useState('')
  const [isSent, setSent] = useState(false)

  function submit(event: FormEvent) {
    event.preventDefault()
    setSent(true)
  }

  return (
    <section className="mx-auto max-w-xl px-6 py-20 text-center">
      <h2 className="text-2xl font-semibold tracking-tight">A letter each season</h2>
      <p className="mt-2 text-muted">What to water, what to cut, what to leave alone.</p>
      {isSent ? (
        <p role="status" className="mt-6 font-medium text-accent">
          Thank you. The next letter goes to {email}.
        </p>
      ) : (
        <form onSubmit={submit} className="mt-6 flex flex-col gap-2 sm:flex-row">
          <input
            type="email"
            required
            value={email}
            onChange={(event) => setEmail(event.target.value)}
            aria-label="Your address"
            placeholder="you@example.com"
            className="h-12 min-w-0 flex-1 rounded-full border border-line bg-surface px-5 placeholder:text-muted"
          />
          <button type="submit" className="h-12 rounded-full bg-accent px-7 font-medium text-on-accent">
            Subscribe
          </button>
        </form>
      )}
    </section>
  )
}
