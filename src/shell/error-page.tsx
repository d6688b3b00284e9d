import { type ErrorComponentProps, Link } from '@tanstack/react-router'
import { sentenceOf, toBatonError } from '../errors.ts'
import { AuthPage } from '../session/auth-page.tsx'
import { Button, buttonClass } from '../ui/button.tsx'

/** A fault of a page, or a page that cannot be reached. Nothing of it is lost: what counts is in the database. */
export function ErrorPage({ error, reset }: ErrorComponentProps) {
  const failure = toBatonError(error)
  return (
    <AuthPage title="This page could not be shown" lead="What you did is safe; this is about showing it.">
      <p role="alert" className="rounded-md bg-bad-soft px-3 py-2.5 text-bad-text wrap-anywhere">
        {sentenceOf(failure)}
      </p>
      <div className="flex flex-wrap gap-2">
        <Button
          look="primary"
          onClick={() => {
            reset()
            location.reload()
          }}
        >
          Try again
        </Button>
        <Link to="/" className={buttonClass()}>
          Home
        </Link>
        <Link to="/system" className={buttonClass('quiet')}>
          State of the system
        </Link>
      </div>
    </AuthPage>
  )
}
