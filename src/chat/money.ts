/** "$0.0042", "$1.30": small sums keep the digits that tell them apart. */
export function money(dollars: number): string {
  if (dollars === 0) return '$0.00'
  return `$${dollars.toFixed(dollars < 0.1 ? 4 : 2)}`
}
