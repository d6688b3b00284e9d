import { expect, test } from 'vitest'
import { isWhole, readFindings } from './read-findings.ts'

const WHOLE = `## Likely cause
The export is not in the project.

## Confidence
High

## Evidence
- \`data/export.json\` was read twice and is not there.
- No file speaks of an export,
  in any folder.

## Steps
1. **Attach the export**: The export is attached; read it and go on.
2. Give up on the old data
`

test('an answer that is whole is read whole', () => {
  expect(readFindings(WHOLE)).toEqual({
    likely_cause: 'The export is not in the project.',
    confidence: 'high',
    evidence: [
      '`data/export.json` was read twice and is not there.',
      'No file speaks of an export, in any folder.',
    ],
    steps: [
      { title: 'Attach the export', prompt: 'The export is attached; read it and go on.' },
      { title: 'Give up on the old data', prompt: 'Give up on the old data' },
    ],
  })
})

test('every beginning of it is read as far as it goes, and what was known stays', () => {
  let before = readFindings('')
  for (let length = 1; length <= WHOLE.length; length++) {
    const now = readFindings(WHOLE.slice(0, length))
    if (before.likely_cause) expect(now.likely_cause).toContain(before.likely_cause.slice(0, 20))
    if (before.confidence) expect(now.confidence).toBe(before.confidence)
    expect(now.evidence.length).toBeGreaterThanOrEqual(before.evidence.length)
    expect(now.steps.length).toBeGreaterThanOrEqual(before.steps.length)
    before = now
  }
})

test.each([
  '',
  'I cannot say.',
  '## Likely cause\n\n## Confidence\nhigh',
  '## Likely cause\nIt broke.\n## Confidence\nvery',
])('an answer that says nothing is not taken for one that does: %j', (text) =>
  expect(isWhole(readFindings(text))).toBe(false),
)
