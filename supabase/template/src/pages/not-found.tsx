import { Link } from 'react-router'
import { Button } from '../components/ui/button'

export function NotFound() {
  return (
    <main className="grid min-h-dvh place-items-center px-6 text-center">
      <div className="space-y-4">
        <h1 className="text-3xl font-semibold tracking-tight">There is no such page</h1>
        <p className="text-muted">The address may be mistyped, or the page has moved.</p>
        <Button asChild>
          <Link to="/">Go to the start</Link>
        </Button>
      </div>
    </main>
  )
}
