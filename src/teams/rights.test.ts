import { expect, test } from 'vitest'
import type { Member, Role } from '../../supabase/functions/_shared/protocol.ts'
import { rolesToGive, whyNotChange, whyNotLeave } from './rights.ts'

const someone = (user_id: string, role: Role): Member => ({
  user_id,
  role,
  display_name: user_id,
  email: '',
  joined_at: '',
})
const owner = someone('owner', 'owner')
const second = someone('second', 'owner')
const junior = someone('junior', 'member')

test.each([
  ['member', []],
  ['senior', []],
  ['admin', ['member', 'senior', 'admin']],
  ['owner', ['member', 'senior', 'admin', 'owner']],
] as const)('a team %s gives these roles: %j', (mine, roles) => {
  expect(rolesToGive(mine)).toEqual(roles)
})

test('seniors change nobody', () => {
  expect(whyNotChange(junior, 'senior', [owner, junior])).toBe('Admins and owners change roles.')
})

test('admins change everyone but owners', () => {
  expect(whyNotChange(junior, 'admin', [owner, junior])).toBeNull()
  expect(whyNotChange(owner, 'admin', [owner, second])).toBe('Only an owner gives or takes ownership.')
})

test('the last owner stays one; a second one may go', () => {
  expect(whyNotChange(owner, 'owner', [owner, junior])).toBe('A team needs at least one owner.')
  expect(whyNotChange(owner, 'owner', [owner, second])).toBeNull()
})

test('the last owner cannot leave, anyone else can', () => {
  expect(whyNotLeave(owner, [owner, junior])).toContain('last owner')
  expect(whyNotLeave(owner, [owner, second])).toBeNull()
  expect(whyNotLeave(junior, [owner, junior])).toBeNull()
})
