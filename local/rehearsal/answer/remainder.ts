/** What has been said since the request, and up to where the script has accounted for it. */
export type Said = { texts: string[]; next: number }

/** What is left to say of a text, parts of which may have been said before the answer was cut. */
export function remainder(text: string, said: Said): string {
  let rest = text
  for (let index = said.next; index < said.texts.length && rest; index++) {
    const begun = said.texts[index]!.trim()
    const open = rest.trimStart()
    if (!begun || !open.startsWith(begun)) continue
    rest = open.slice(begun.length)
    said.next = index + 1
  }
  return rest.trim() ? rest : ''
}
