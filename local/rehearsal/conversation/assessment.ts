/** Baton asks for an assessment of stuck work. Ours is worked out from what the request says, so it fits what is there. */
import type { Item } from './conversation.ts'

const ASKED = /^\[Baton\] Assess this escalation\./

export const asksForAssessment = (items: Item[]): boolean => {
  const last = items.at(-1)
  return last?.kind === 'user' && ASKED.test(last.text)
}

export function assessmentOf(items: Item[]): string {
  const material = items.flatMap((item) => (item.kind === 'user' ? [item.text] : [])).join('\n')
  const missing =
    /`?([\w./-]+\.\w+)`? (?:does not exist|is not there)|There is no file "?([\w./-]*\w)"?/i.exec(material)
  const path = missing?.[1] ?? missing?.[2]
  const errors = [...sectionOf(material, 'Errors').matchAll(/^- (\S+): (.+)$/gm)]
  const calls = [...sectionOf(material, 'Steps, oldest first').matchAll(/^- tool (\w+) \((\w+)/gm)]
  const failed = calls.filter(([, , state]) => state === 'error').length
  if (path) return missingFile(path, calls.length, failed)
  if (errors.length > 0) return lastError(errors.at(-1)!, errors.length)
  return fewSigns(calls.length)
}

const missingFile = (path: string, calls: number, failed: number) => `## Likely cause
The work needs \`${path}\`, and that file is not in the project. Nobody has given it to the agent, so each look for it fails in the same way.

## Confidence
high

## Evidence
- \`${path}\` was asked for and is not there.
- ${failed} of ${calls} calls failed, and none of them found another place.
- No message of a person has an attachment.

## Steps
- Begin without it: The old data is not needed. Begin with three made-up entries in the shape that the app uses, and say in the app that they are examples.
- Ask for the file: Ask the person who has \`${path}\` to attach it, and wait until it is there.
- Describe its shape: The export is a JSON list of objects with "id", "title" and "done". Write the import for that, and show an error when a file looks different.
`

const lastError = ([, where, message]: RegExpMatchArray, count: number) => `## Likely cause
The last thing that went wrong was in ${where}: ${message} What came before it looks like a consequence.

## Confidence
medium

## Evidence
- ${where} failed with: ${message}
- ${count} ${count === 1 ? 'error was' : 'errors were'} met until help was called.

## Steps
- Try that step again: Do the last step again, alone, and say what it answers.
- Go another way: Leave that step out, and reach the same with the files that are there.
`

const fewSigns = (calls: number) => `## Likely cause
Little points to one cause: no call failed. The request may leave open what is wanted.

## Confidence
low

## Evidence
- ${calls} calls were made, and none of them failed.

## Steps
- Say what is wanted: What I want to see in the end is a page that works on a phone. Begin with the smallest part of it.
- Ask what is unclear: Say in one sentence what you do not know, and wait for my answer.
`

function sectionOf(text: string, title: string): string {
  return text.split(/^# /m).find((part) => part.startsWith(`${title}\n`)) ?? ''
}
