import { AuthPage } from '../session/auth-page.tsx'

/** For whoever hosts this: the page was served without the addresses of its API. */
export function UnconfiguredPage() {
  return (
    <AuthPage title="Baton is not set up here" lead="This page does not know where its API is.">
      <p className="text-muted">
        Build it with <Code>VITE_API_URL</Code> and <Code>VITE_PUBLISHABLE_KEY</Code> set, or serve it with{' '}
        <Code>npm start</Code>, which adds them. <Code>docs/deploy.md</Code> has the steps.
      </p>
    </AuthPage>
  )
}

const Code = ({ children }: { children: string }) => (
  <code className="font-mono text-xs text-text">{children}</code>
)
