type Props = { right: number; of: number; onRestart: () => void }

export function Result({ right, of, onRestart }: Props) {
  return (
    <section className="my-auto text-center">
      <p className="text-7xl font-semibold tabular-nums">
        {right}
        <span className="text-3xl text-muted"> / {of}</span>
      </p>
      <h2 className="mt-4 text-xl">{verdict(right / of)}</h2>
      <button
        type="button"
        onClick={onRestart}
        className="mt-8 h-12 rounded-xl bg-accent px-8 font-medium text-on-accent"
      >
        Play again
      </button>
    </section>
  )
}

function verdict(share: number): string {
  if (share === 1) return 'All of them. Did you write this quiz?'
  if (share >= 0.6) return 'Well done.'
  return share > 0 ? 'A good start, and now you know more.' : 'Everybody begins somewhere.'
}
