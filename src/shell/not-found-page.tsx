import { Link } from '@tanstack/react-router'
import { AuthPage } from '../session/auth-page.tsx'
import { buttonClass } from '../ui/button.tsx'

export function NotFoundPage() {
  return (
    <AuthPage
      title="There is no such page"
      lead={<code className="font-mono text-xs">{location.pathname}</code>}
    >
      <p className="text-muted">The address may be mistyped, or what it led to is gone.</p>
      <Link to="/" className={buttonClass('primary', 'h-9')}>
        Go to Baton
      </Link>
    </AuthPage>
  )
}
