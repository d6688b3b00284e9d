import { type Card, COLUMNS, EXAMPLES, place, step } from './board'
import { BoardCard } from './board-card'
import { BoardColumn } from './board-column'
import { useStored } from './use-stored'

export default function App() {
  const [cards, setCards] = useStored<Card[]>('cards', EXAMPLES)
  const shown = cards

  return (
    <main className="mx-auto max-w-6xl px-5 py-10">
      <title>Board</title>
      <header className="mb-6 flex flex-wrap items-center justify-between gap-3">
        <h1 className="text-2xl font-semibold tracking-tight">Board</h1>
        <p className="text-sm text-muted">Drag a card, or focus it and use the arrow keys.</p>
      </header>

      <div className="grid gap-4 md:grid-cols-3">
        {COLUMNS.map((column) => {
          const inColumn = shown.filter((card) => card.column === column)
          return (
            <BoardColumn
              key={column}
              column={column}
              count={inColumn.length}
              onDrop={(id) => setCards((all) => place(all, id, column, null))}
              onAdd={(title) => setCards((all) => [...all, { id: crypto.randomUUID(), title, column }])}
            >
              {inColumn.map((card) => (
                <BoardCard
                  key={card.id}
                  card={card}
                  onDrop={(id) => setCards((all) => place(all, id, column, card.id))}
                  onStep={(key) => setCards((all) => step(all, card.id, key))}
                  onRemove={() => setCards((all) => all.filter((one) => one.id !== card.id))}
                />
              ))}
            </BoardColumn>
          )
        })}
      </div>
    </main>
  )
}
