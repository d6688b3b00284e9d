/** Texts with everything in them that is more than one byte or one unit long, since a cut may fall anywhere. */
import type { Random } from './random.ts'

const WORDS = ['tree', 'river', 'stone', 'cloud', 'ember', 'field', 'harbour', 'lantern', 'meadow', 'north']
const SPICE = ['Grüße', '🎈', '👩‍🚀', '漢字', '½', '“so”', '𝄞', 'e\u0301', '\\"', '<b>']

export const wordOf = (random: Random) => random.one(WORDS)

export function sentencesOf(random: Random, count: number): string {
  const word = () => random.one(random.chance(0.2) ? SPICE : WORDS)
  const sentence = () => Array.from({ length: random.whole(3, 9) }, word).join(' ')
  return Array.from({ length: count }, sentence).join('. ')
}

/** `number` makes it unlike every other. */
export function contentOf(random: Random, number: number): string {
  const lines = Array.from({ length: random.whole(0, 5) }, () => `// ${sentencesOf(random, 1)}`)
  return [`export const value${number} = ${number}`, ...lines, ''].join('\n')
}
