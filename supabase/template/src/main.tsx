import { Component, type ReactNode, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import App from './App'
import './index.css'

/** Says what went wrong, in the place of a page that cannot be drawn. */
class ErrorBoundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null }

  static getDerivedStateFromError(thrown: unknown) {
    return { error: thrown instanceof Error ? thrown : new Error(String(thrown)) }
  }

  override render() {
    const { error } = this.state
    if (!error) return this.props.children
    return (
      <main role="alert" className="mx-auto max-w-xl space-y-4 p-8">
        <h1 className="text-2xl font-semibold">This page stopped working</h1>
        <p className="wrap-break-word">{error.message}</p>
        <button
          type="button"
          className="rounded-lg border px-4 py-2"
          onClick={() => this.setState({ error: null })}
        >
          Try again
        </button>
      </main>
    )
  }
}

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <ErrorBoundary>
      <App />
    </ErrorBoundary>
  </StrictMode>,
)
