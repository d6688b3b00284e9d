import type { Answer } from '../../script/script.ts'
import { type ComputedRequest, say } from '../computed.ts'

const SHEET = 'src/index.css'
const ACCENT = /--color-accent: [^;]+;/

/** Each with a shade for light and one for dark surfaces, both readable with what is written on them. */
const COLOURS: Record<string, [string, string]> = {
  red: ['oklch(0.53 0.2 25)', 'oklch(0.74 0.15 22)'],
  orange: ['oklch(0.53 0.15 45)', 'oklch(0.78 0.14 60)'],
  yellow: ['oklch(0.53 0.11 85)', 'oklch(0.86 0.15 92)'],
  green: ['oklch(0.5 0.12 150)', 'oklch(0.78 0.15 150)'],
  teal: ['oklch(0.5 0.09 190)', 'oklch(0.8 0.11 190)'],
  blue: ['oklch(0.51 0.17 255)', 'oklch(0.76 0.12 250)'],
  purple: ['oklch(0.5 0.2 295)', 'oklch(0.77 0.13 300)'],
  pink: ['oklch(0.54 0.2 355)', 'oklch(0.79 0.13 350)'],
}
const NAMES = Object.keys(COLOURS).join('|')

export const accent: ComputedRequest = {
  slug: 'accent',
  example: 'Change the accent colour to green',
  when: new RegExp(
    `\\b(${NAMES})\\b(?=.*\\b(?:accent|colou?rs?|buttons?|theme)\\b)|\\b(?:accent|colou?rs?|buttons?|theme|make it|it)\\b.*\\b(${NAMES})\\b`,
    'i',
  ),
  needs: [SHEET],
  answers({ match, files }): Answer[] {
    const name = (match[1] ?? match[2])!.toLowerCase()
    const [light, dark] = COLOURS[name]!
    const found = ACCENT.exec(files.get(SHEET) ?? '')?.[0]
    if (!found) {
      const text = `I find no \`--color-accent\` in \`${SHEET}\`, so I do not know which colour to change. Tell me where it stands, and I change it.`
      return [{ parts: [say(text)] }]
    }
    const wanted = `--color-accent: light-dark(${light}, ${dark});`
    if (found === wanted) return [{ parts: [say(`The accent is ${name} already.`)] }]
    return [
      {
        parts: [
          say(
            `One token holds the accent. I make it ${name}, a darker shade on light surfaces and a lighter one on dark.`,
          ),
          { kind: 'edit', path: SHEET, edits: [{ search: found, replace: wanted }] },
        ],
      },
      {
        parts: [
          say(
            `The accent is **${name}** now. Both shades keep a contrast of at least 4.5 to 1 with what is written on them.`,
          ),
        ],
      },
    ]
  },
}
