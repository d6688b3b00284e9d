export const COLUMNS = ['To do', 'Doing', 'Done'] as const
export type Column = (typeof COLUMNS)[number]
export type Card = { id: string; title: string; column: Column }

export const EXAMPLES: Card[] = [
  { id: 'a', title: 'Sketch the start page', column: 'Done' },
  { id: 'b', title: 'Write the welcome mail', column: 'Doing' },
  { id: 'c', title: 'Ask three people to try it', column: 'Doing' },
  { id: 'd', title: 'Choose a name', column: 'To do' },
  { id: 'e', title: 'Set up the newsletter', column: 'To do' },
  { id: 'f', title: 'Plan the launch day', column: 'To do' },
]

/** Puts a card into a column: before another card of it, or at its end. */
export function place(cards: Card[], id: string, column: Column, before: string | null): Card[] {
  const card = cards.find((one) => one.id === id)
  if (!card || id === before) return cards
  const rest = cards.filter((one) => one.id !== id)
  const at = before === null ? rest.length : rest.findIndex((one) => one.id === before)
  return rest.toSpliced(at, 0, { ...card, column })
}

/** One step with the keyboard: along the columns, or past the neighbour in the same one. */
export function step(cards: Card[], id: string, key: string): Card[] {
  const card = cards.find((one) => one.id === id)
  if (!card) return cards
  const column = COLUMNS.indexOf(card.column)
  const mates = cards.filter((one) => one.column === card.column)
  const at = mates.indexOf(card)
  if (key === 'ArrowLeft' && column > 0) return place(cards, id, COLUMNS[column - 1] ?? card.column, null)
  if (key === 'ArrowRight') return place(cards, id, COLUMNS[column + 1] ?? card.column, null)
  if (key === 'ArrowUp' && at > 0) return place(cards, id, card.column, mates[at - 1]?.id ?? null)
  if (key === 'ArrowDown') return place(cards, id, card.column, mates[at + 2]?.id ?? null)
  return cards
}
