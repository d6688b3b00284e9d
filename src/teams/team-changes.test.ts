import { expect, test } from 'vitest'
import type { Invitation, Member, Project, TeamSnapshot } from '../../supabase/functions/_shared/protocol.ts'
import { applyTeamChange, removes } from './team-changes.ts'

const ada: Member = {
  user_id: 'ada',
  display_name: 'Ada',
  email: 'ada@demo.test',
  role: 'owner',
  joined_at: '2026-11-01T00:00:00Z',
}
const bob: Member = { ...ada, user_id: 'bob', display_name: 'Bob', email: 'bob@demo.test', role: 'member' }
const letter: Invitation = {
  id: 'letter',
  email: 'cy@demo.test',
  role: 'senior',
  invited_by: 'ada',
  created_at: '2026-11-02T00:00:00Z',
  expires_at: '2026-11-09T00:00:00Z',
}
const team: TeamSnapshot = {
  seq: 4,
  team: { id: 't', name: 'Demo', created_at: '2026-11-01T00:00:00Z' },
  members: [ada, bob],
  invitations: [letter],
  projects: [],
}

test('a new name is the name of the team', () => {
  const after = applyTeamChange(team, { kind: 'team.renamed', payload: { name: 'Relay' } })
  expect(after.team.name).toBe('Relay')
})

test('whoever joins comes last, and comes once', () => {
  const cy = { ...bob, user_id: 'cy' }
  const after = applyTeamChange(team, { kind: 'member.joined', payload: cy })
  expect(after.members).toEqual([ada, bob, cy])
  expect(applyTeamChange(after, { kind: 'member.joined', payload: cy })).toBe(after)
})

test('a role changes in place and leaves the others as they are', () => {
  const after = applyTeamChange(team, {
    kind: 'member.role_changed',
    payload: { user_id: 'bob', role: 'senior' },
  })
  expect(after.members).toEqual([ada, { ...bob, role: 'senior' }])
  expect(after.members[0]).toBe(ada)
})

test('a member who takes another name and address shows both', () => {
  const payload = { user_id: 'bob', display_name: 'Robert', email: 'robert@demo.test' }
  const after = applyTeamChange(team, { kind: 'member.renamed', payload })
  expect(after.members[1]).toEqual({ ...bob, ...payload })
})

test('a removed member is gone', () => {
  const after = applyTeamChange(team, { kind: 'member.removed', payload: { user_id: 'bob', by: 'ada' } })
  expect(after.members).toEqual([ada])
})

test('projects stand in the order in which they were made, also when two are told the other way round', () => {
  const project = (id: string, created_at: string) => ({ id, created_at }) as Project
  const [one, two] = [
    project('one', '2026-11-02T00:00:00.000001Z'),
    project('two', '2026-11-02T00:00:00.000002Z'),
  ]
  const after = [two, one, two].reduce(
    (now, payload) => applyTeamChange(now, { kind: 'project.created', payload }),
    team,
  )
  expect(after.projects).toEqual([one, two])
})

test('an invitation is listed until it is closed', () => {
  const second = { ...letter, id: 'second' }
  const open = applyTeamChange(team, { kind: 'invitation.created', payload: second })
  expect(open.invitations).toEqual([letter, second])
  const closed = applyTeamChange(open, {
    kind: 'invitation.closed',
    payload: { id: 'letter', outcome: 'expired' },
  })
  expect(closed.invitations).toEqual([second])
})

test.each([
  { kind: 'team.renamed', payload: { name: 'Demo' } },
  { kind: 'member.role_changed', payload: { user_id: 'bob', role: 'member' } },
  { kind: 'member.role_changed', payload: { user_id: 'nobody', role: 'owner' } },
  { kind: 'member.removed', payload: { user_id: 'nobody', by: null } },
  { kind: 'invitation.created', payload: letter },
  { kind: 'invitation.closed', payload: { id: 'unknown', outcome: 'revoked' } },
  { kind: 'membership.renamed', payload: { team_id: 't', team_name: 'Other' } },
] as const)('$kind that says nothing new leaves the very same snapshot', (change) => {
  expect(applyTeamChange(team, change)).toBe(team)
})

test('only being removed oneself ends what one may read', () => {
  const removed = (user_id: string) => ({ kind: 'member.removed', payload: { user_id, by: 'ada' } }) as const
  expect(removes('bob', removed('bob'))).toBe(true)
  expect(removes('bob', removed('ada'))).toBe(false)
})
