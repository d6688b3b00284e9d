export type Hit = { path: string; line: number; before: string; match: string; after: string }

/** More than this nobody reads; a longer word finds less. */
export const MOST_HITS = 500
const MOST_BEFORE = 30
const MOST_AFTER = 120

/** Each line that has the words, in any case, in the order of the files. One hit for a line. */
export function searchFiles(files: Iterable<readonly [path: string, content: string]>, words: string): Hit[] {
  const hits: Hit[] = []
  const wanted = words.toLowerCase()
  if (wanted.trim() === '') return hits
  for (const [path, content] of files) {
    if (!content.toLowerCase().includes(wanted)) continue
    for (const [index, line] of content.split('\n').entries()) {
      const at = line.toLowerCase().indexOf(wanted)
      if (at < 0) continue
      hits.push(hitOf(path, index + 1, line, at, words.length))
      if (hits.length === MOST_HITS) return hits
    }
  }
  return hits
}

function hitOf(path: string, line: number, text: string, at: number, length: number): Hit {
  const lead = text.slice(0, at).trimStart()
  const isLong = lead.length > MOST_BEFORE
  return {
    path,
    line,
    before: isLong ? `…${lead.slice(-MOST_BEFORE)}` : lead,
    match: text.slice(at, at + length),
    after: text.slice(at + length, at + length + MOST_AFTER),
  }
}
