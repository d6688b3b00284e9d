import { expect, test } from 'vitest'
import type { BatonEvent, Membership } from '../../supabase/functions/_shared/protocol.ts'
import { applyUserEvent, type UserState } from './user-events.ts'

const demo: Membership = { team_id: 'demo', team_name: 'Demo', role: 'member', joined_at: '2026-11-01' }
const relay: Membership = { team_id: 'relay', team_name: 'Relay', role: 'owner', joined_at: '2026-11-02' }
const user: UserState = {
  seq: 1,
  profile: { user_id: 'bob', display_name: 'Bob', email: 'bob@demo.test', theme: 'system' },
  memberships: [demo],
  notifications: [],
  unread_notifications: 0,
  departures: [],
}

type Said = Pick<BatonEvent, 'kind' | 'payload'>
const after = (...said: Said[]) =>
  said.reduce(
    (state, one, index) =>
      applyUserEvent(state, { topic: 'user:bob', seq: index + 2, at: '', ...one } as BatonEvent),
    user,
  )

test('a changed profile is the new profile', () => {
  const profile = { ...user.profile, theme: 'dark' } as const
  expect(after({ kind: 'profile.changed', payload: profile }).profile).toEqual(profile)
})

test('a team that takes one in is listed once', () => {
  const added = { kind: 'membership.added', payload: relay } as const
  expect(after(added, added).memberships).toEqual([demo, relay])
})

test('a new role and a new name of a team show in the list', () => {
  const state = after(
    { kind: 'membership.role_changed', payload: { team_id: 'demo', role: 'senior' } },
    { kind: 'membership.renamed', payload: { team_id: 'demo', team_name: 'Stage' } },
  )
  expect(state.memberships).toEqual([{ ...demo, role: 'senior', team_name: 'Stage' }])
})

test('a lost team leaves the list, and who took it away is remembered', () => {
  const state = after({
    kind: 'membership.removed',
    payload: { team_id: 'demo', team_name: 'Demo', by: 'ada' },
  })
  expect(state.memberships).toEqual([])
  expect(state.departures).toEqual([{ teamId: 'demo', teamName: 'Demo', by: 'ada' }])
})

test('coming back to a team ends the story of having left it', () => {
  const state = after(
    { kind: 'membership.removed', payload: { team_id: 'demo', team_name: 'Demo', by: 'ada' } },
    { kind: 'membership.added', payload: demo },
  )
  expect(state).toMatchObject({ memberships: [demo], departures: [] })
})

test('what other topics tell changes nothing', () => {
  expect(after({ kind: 'team.renamed', payload: { name: 'x' } })).toBe(user)
})
