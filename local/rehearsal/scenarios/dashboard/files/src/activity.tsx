const EVENTS = [
  { at: '09:41', text: 'Order 2048 was paid', detail: 'Wool blanket and two mugs' },
  { at: '09:12', text: 'Linen towel is running low', detail: '7 left in the store room' },
  { at: '08:55', text: 'Order 2047 was sent', detail: 'To Ghent, by train' },
  { at: '08:30', text: 'A new review', detail: '“The candle smells of the whole summer.”' },
]

export function Activity() {
  return (
    <section className="rounded-xl border border-line bg-surface p-5">
      <h2 className="font-medium">Today</h2>
      <ol className="mt-4 space-y-4">
        {EVENTS.map(({ at, text, detail }) => (
          <li key={at} className="flex gap-4 text-sm">
            <time className="text-muted tabular-nums">{at}</time>
            <div>
              <p>{text}</p>
              <p className="text-muted">{detail}</p>
            </div>
          </li>
        ))}
      </ol>
    </section>
  )
}
