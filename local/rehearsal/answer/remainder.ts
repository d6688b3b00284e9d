/** What has been said since the request, and up to where the script has accounted for it. */
export type Said = { texts: string[]; next: number }

/** What is left to say of a text, parts of which may have been said before the answer was cut. */
export function remainder(text: string, said: Said): string {
  let rest = text
  for (let index = said.next; index < said.texts.length && rest; index++) {
    const after = without(rest, said.texts[index]!)
    if (after === null) continue
    rest = after
    said.next = index + 1
  }
  return rest.trim() ? rest : ''
}

/** White space at the ends of what was said may have been lost on its way. */
function without(text: string, begun: string): string | null {
  if (!begun.trim()) return null
  if (text.startsWith(begun)) return text.slice(begun.length)
  const open = text.trimStart()
  return open.startsWith(begun.trim()) ? open.slice(begun.trim().length) : null
}
