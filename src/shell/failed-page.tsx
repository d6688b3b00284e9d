import { Link } from '@tanstack/react-router'
import { CloudOff } from 'lucide-react'
import { type BatonError, sentenceOf } from '../errors.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'

/** The feed behind it goes on trying by itself; the button is for those who do not want to wait. */
export function FailedPage({ what, error }: { what: string; error?: BatonError | undefined }) {
  return (
    <main aria-live="assertive" className="flex-1 overflow-y-auto">
      <EmptyState
        isPage
        icon={<CloudOff className="size-8" aria-hidden />}
        title={what}
        action={
          <>
            <Button look="primary" onClick={() => location.reload()}>
              Try again
            </Button>
            <Link to="/system" className={buttonClass()}>
              State of the system
            </Link>
          </>
        }
      >
        {error ? sentenceOf(error) : 'Baton cannot be reached.'} It is tried again every few seconds.
      </EmptyState>
    </main>
  )
}
