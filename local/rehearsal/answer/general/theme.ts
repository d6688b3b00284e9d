import type { Answer } from '../../script/script.ts'
import { type ComputedRequest, say } from '../computed.ts'

const SHEET = 'src/index.css'
const SCHEME = /color-scheme: [a-z ]+;/

export const dark = themed(
  'dark',
  'Make it dark',
  /\b(?:dark|night)\b(?! and light| or light)/i,
  'It is dark now, whatever the device prefers.',
)
export const light = themed(
  'light',
  'Make it light',
  /\b(?:light|bright)\b.*(?:mode|theme|background|look)?$/i,
  'It is light now, whatever the device prefers.',
)
export const system = themed(
  'light dark',
  'Follow the system theme',
  /\b(?:follow|use|respect|match)\b.*\b(?:system|device|os|both)\b/i,
  'It follows the device again: light by day, dark where people prefer that.',
)

function themed(scheme: string, example: string, when: RegExp, done: string): ComputedRequest {
  return {
    slug: `theme-${scheme.replace(' ', '-')}`,
    example,
    when,
    needs: [SHEET],
    answers({ files }): Answer[] {
      const sheet = files.get(SHEET)
      if (typeof sheet !== 'string')
        return [
          { parts: [say(`There is no \`${SHEET}\`, so I do not know where this app keeps its colours.`)] },
        ]
      const found = SCHEME.exec(sheet)?.[0]
      const wanted = `color-scheme: ${scheme};`
      if (found === wanted)
        return [{ parts: [say(`It is so already: the style sheet says \`${wanted}\`. Nothing to change.`)] }]
      const edit = found
        ? { search: found, replace: wanted }
        : { search: firstImport(sheet), replace: `${firstImport(sheet)}\n\n:root {\n  ${wanted}\n}` }
      return [
        {
          parts: [
            say('All colours of this app come from one place, so this is one line in the style sheet.'),
            { kind: 'edit', path: SHEET, edits: [edit] },
          ],
        },
        { parts: [say(`${done} The line is \`${wanted}\` in \`${SHEET}\`.`)] },
      ]
    },
  }
}

const firstImport = (sheet: string) => /@import [^;]+;/.exec(sheet)?.[0] ?? sheet.split('\n')[0]!
