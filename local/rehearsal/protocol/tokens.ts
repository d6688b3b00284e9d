/** About what a tokenizer would make of a text: words in pieces, runs of digits and spaces, punctuation in pairs. */
const TOKEN = / ?\p{L}{1,6}|\p{N}{1,3}|\s+|[^\p{L}\p{N}\s]{1,2}/gu

export const tokensOf = (text: string): string[] => text.match(TOKEN) ?? []
export const countTokens = (text: string): number => tokensOf(text).length

/** The text in pieces of so many tokens, as they come over the wire. */
export function piecesOf(text: string, tokens = 4): string[] {
  const all = tokensOf(text)
  const pieces: string[] = []
  for (let at = 0; at < all.length; at += tokens) pieces.push(all.slice(at, at + tokens).join(''))
  return pieces
}
