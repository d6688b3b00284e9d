/** Lines `fromA…toA` of the one text stand where lines `fromB…toB` of the other do. Ends are exclusive. */
export type Hunk = { fromA: number; toA: number; fromB: number; toB: number }

/** Beyond it two texts have so little in common that a finer answer would tell nobody anything. */
const MOST_EDITS = 2_000

/** What differs between two lists of lines, in order: Myers' shortest edit script, on the part that is not the same. */
export function diffLines(a: readonly string[], b: readonly string[]): Hunk[] {
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1
  let endA = a.length
  let endB = b.length
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA -= 1
    endB -= 1
  }
  if (start === endA && start === endB) return []
  const steps = shortestPath(a.slice(start, endA), b.slice(start, endB))
  if (!steps) return [{ fromA: start, toA: endA, fromB: start, toB: endB }]
  return hunksOf(steps, start)
}

export function countChanges(before: string, after: string): { added: number; removed: number } {
  const hunks = diffLines(linesOf(before), linesOf(after))
  return {
    added: hunks.reduce((sum, { fromB, toB }) => sum + toB - fromB, 0),
    removed: hunks.reduce((sum, { fromA, toA }) => sum + toA - fromA, 0),
  }
}

/** A line break at the end closes the last line; it begins no other. */
function linesOf(text: string): string[] {
  if (text === '') return []
  const lines = text.split('\n')
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

/** Each step goes to a point of the grid; `null` when there are too many. */
function shortestPath(a: readonly string[], b: readonly string[]): [number, number][] | null {
  const most = Math.min(a.length + b.length, MOST_EDITS)
  let reach = new Map<number, number>([[1, 0]])
  const trace: Map<number, number>[] = []
  for (let edits = 0; edits <= most; edits += 1) {
    const next = new Map(reach)
    trace.push(reach)
    for (let k = -edits; k <= edits; k += 2) {
      const down = k === -edits || (k !== edits && (next.get(k - 1) ?? -1) < (next.get(k + 1) ?? -1))
      let x = down ? (next.get(k + 1) ?? 0) : (next.get(k - 1) ?? 0) + 1
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x += 1
      next.set(k, x)
      if (x >= a.length && x - k >= b.length) return backwards(trace, a.length, b.length)
    }
    reach = next
  }
  return null
}

function backwards(trace: Map<number, number>[], endX: number, endY: number): [number, number][] {
  const points: [number, number][] = [[endX, endY]]
  let [x, y] = [endX, endY]
  for (let edits = trace.length - 1; edits > 0; edits -= 1) {
    const reach = trace[edits] as Map<number, number>
    const k = x - y
    const down = k === -edits || (k !== edits && (reach.get(k - 1) ?? -1) < (reach.get(k + 1) ?? -1))
    const before = down ? k + 1 : k - 1
    const fromX = reach.get(before) ?? 0
    const fromY = fromX - before
    points.push(down ? [fromX, fromY + 1] : [fromX + 1, fromY], [fromX, fromY])
    x = fromX
    y = fromY
  }
  return points.reverse()
}

/** Pairs of points: an edit each. Edits that touch are one hunk. */
function hunksOf(points: [number, number][], offset: number): Hunk[] {
  const hunks: Hunk[] = []
  for (let at = 0; at + 1 < points.length; at += 2) {
    const [fromA, fromB] = points[at] as [number, number]
    const [toA, toB] = points[at + 1] as [number, number]
    const last = hunks.at(-1)
    if (last && last.toA === fromA + offset && last.toB === fromB + offset) {
      last.toA = toA + offset
      last.toB = toB + offset
    } else {
      hunks.push({ fromA: fromA + offset, toA: toA + offset, fromB: fromB + offset, toB: toB + offset })
    }
  }
  return hunks
}
