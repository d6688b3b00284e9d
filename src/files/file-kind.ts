/** Whether a content is text for people: a few odd characters are, a binary file that was read as text is not. */
export function isReadable(content: string): boolean {
  const odd = content.slice(0, 8_000).match(ODD)?.length ?? 0
  return odd <= content.length / 100
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what tells text from the rest
const ODD = /[\u0000-\u0008\u000e-\u001f\ufffd]/g

export function sizeOf(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}
