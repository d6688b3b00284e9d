/**
 * What is under the pointer stays there: while the list is held, nothing in it moves or goes, and what arrives waits
 * until it is let go, or asked for.
 */
export function steadyOrder(
  shown: readonly string[],
  wanted: readonly string[],
  isHeld: boolean,
): { order: readonly string[]; arrived: number } {
  if (!isHeld || shown.length === 0) return { order: wanted, arrived: 0 }
  return { order: shown, arrived: wanted.filter((id) => !shown.includes(id)).length }
}
