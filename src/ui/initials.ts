/** "Ada Lovelace" → "AL", "owner@demo.test" → "O". Counts letters as people see them, not code units. */
export function initials(name: string): string {
  const words = (name.split('@')[0] ?? '').split(/[\s._-]+/).filter(Boolean)
  const chosen = words.length > 1 ? [words[0], words.at(-1)] : [words[0]]
  return chosen.map((word) => firstLetter(word ?? '?')).join('')
}

function firstLetter(word: string): string {
  const [first] = new Intl.Segmenter().segment(word)
  return (first?.segment ?? '?').toLocaleUpperCase()
}
