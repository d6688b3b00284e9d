import { Component, type ReactNode } from 'react'

type Props = { children: ReactNode }
type State = { error: Error | null }

/** Says what went wrong, in the place of a page that cannot be drawn. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: null }

  static getDerivedStateFromError(thrown: unknown): State {
    return { error: thrown instanceof Error ? thrown : new Error(String(thrown)) }
  }

  override render() {
    const { error } = this.state
    if (!error) return this.props.children
    return (
      <main role="alert" className="mx-auto max-w-xl space-y-4 px-6 py-16">
        <h1 className="text-2xl font-semibold tracking-tight">This page stopped working</h1>
        <p className="wrap-break-word">{error.message}</p>
        <button
          type="button"
          className="min-h-11 rounded-lg border px-4 py-2 font-medium"
          onClick={() => this.setState({ error: null })}
        >
          Try again
        </button>
      </main>
    )
  }
}
