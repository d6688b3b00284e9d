/** A round number at or above `value`, so that the axis has whole steps: 1, 2, 5, 10, 20, 50 … */
export function roundTop(value: number): number {
  if (value <= 4) return 4
  const power = 10 ** Math.floor(Math.log10(value))
  const factor = [1, 2, 4, 5, 10].find((step) => step * power >= value) ?? 10
  return factor * power
}

/** At most `most` of the indices below `count`, evenly spread, the last one among them. */
export function someOf(count: number, most: number): number[] {
  const stride = Math.max(1, Math.ceil(count / most))
  const indices: number[] = []
  for (let at = count - 1; at >= 0; at -= stride) indices.unshift(at)
  return indices
}
