import { diffLines, type Hunk } from './line-diff.ts'

export type Merged = {
  text: string
  /** Passages that both changed, each in its own way. The merged text has mine there. */
  conflicts: number
}

/** Two texts that grew from one: what only one of them changed is taken, line by line. */
export function mergeTexts(base: string, mine: string, theirs: string): Merged {
  if (mine === theirs || base === theirs) return { text: mine, conflicts: 0 }
  if (base === mine) return { text: theirs, conflicts: 0 }
  const [lines, myLines, theirLines] = [base.split('\n'), mine.split('\n'), theirs.split('\n')]
  const merged: string[] = []
  let conflicts = 0
  let at = 0
  for (const passage of passages(diffLines(lines, myLines), diffLines(lines, theirLines))) {
    merged.push(...lines.slice(at, passage.from))
    const own = after(passage, passage.mine, myLines)
    const other = after(passage, passage.theirs, theirLines)
    const bothChanged = passage.mine.length > 0 && passage.theirs.length > 0
    if (bothChanged && !areSame(own, other)) conflicts += 1
    merged.push(...(passage.mine.length > 0 ? own : other))
    at = passage.to
  }
  merged.push(...lines.slice(at))
  return { text: merged.join('\n'), conflicts }
}

/** Lines of the base that at least one of the two changed, with the hunks of each. */
type Passage = { from: number; to: number; mine: Hunk[]; theirs: Hunk[] }

function passages(mine: readonly Hunk[], theirs: readonly Hunk[]): Passage[] {
  const all = [
    ...mine.map((hunk) => ({ hunk, isMine: true })),
    ...theirs.map((hunk) => ({ hunk, isMine: false })),
  ].toSorted((one, other) => one.hunk.fromA - other.hunk.fromA || one.hunk.toA - other.hunk.toA)
  const found: Passage[] = []
  for (const { hunk, isMine } of all) {
    const last = found.at(-1)
    const passage =
      last && hunk.fromA <= last.to && !(isAlone(last, isMine) && hunk.fromA === last.to)
        ? last
        : { from: hunk.fromA, to: hunk.toA, mine: [], theirs: [] }
    if (passage !== last) found.push(passage)
    passage.to = Math.max(passage.to, hunk.toA)
    passage[isMine ? 'mine' : 'theirs'].push(hunk)
  }
  return found
}

const isAlone = (passage: Passage, isMine: boolean) => passage[isMine ? 'theirs' : 'mine'].length === 0

const areSame = (one: readonly string[], other: readonly string[]) =>
  one.length === other.length && one.every((line, index) => line === other[index])

/** How one of the two has the passage: its lines move by what its hunks before and inside add. */
function after(passage: Passage, hunks: readonly Hunk[], lines: readonly string[]): string[] {
  const [first, last] = [hunks[0], hunks.at(-1)]
  if (!first || !last) return []
  return lines.slice(first.fromB - (first.fromA - passage.from), last.toB + (passage.to - last.toA))
}
