import { expect, test } from 'vitest'
import type { Build, BuildState, ProjectSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { publishStepOf } from './publish-step.ts'
import { whomToAsk } from './whom-to-ask.ts'

const project = (state: BuildState, shown: string | null) =>
  ({
    builds: [{ id: 'b', kind: 'production', state, version: 2, deployment_id: 'd' } as Build],
    deployments: [
      { id: 'd', kind: 'production' },
      { id: 'other', kind: 'production' },
    ],
    hosts: [{ kind: 'production', deployment_id: shown }],
  }) as unknown as ProjectSnapshot

test.each([
  ['pending', null, 'under way'],
  ['running', null, 'under way'],
  ['failed', null, 'failed'],
  ['cancelled', null, 'overtaken'],
  ['succeeded', 'd', 'published'],
  ['succeeded', 'other', 'overtaken'],
] as const)('a build that is %s, while %s is shown, is %s', (state, shown, step) => {
  expect(publishStepOf(project(state, shown), 'b').step).toBe(step)
})

test('what is not in the log yet is asked for', () => {
  expect(publishStepOf(project('pending', null), 'unknown').step).toBe('asked')
})

test.each([
  [[], 'Ask an admin of the team.'],
  [['Ann'], 'Ask Ann.'],
  [['Ann', 'Ben'], 'Ask Ann or Ben.'],
  [['Ann', 'Ben', 'Cleo', 'Dan', 'Eve'], 'Ask Ann, Ben, Cleo or 2 more.'],
])('whom to ask among %s', (names, sentence) => {
  const people = names.map((display_name) => ({ display_name, role: 'senior' as const }))
  expect(whomToAsk([...people, { display_name: 'Mia', role: 'member' }])).toBe(sentence)
})
