import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type {
  ClaimedMail,
  EventPage,
  InvitationPreview,
  TeamSnapshot,
} from '../functions/_shared/protocol.ts'
import { createDatabase, type Database } from './database.ts'
import { call, createTeam, invite, join, type Person, service, signUp } from './people.ts'

let db: Database
let owner: Person
let teamId: string

beforeAll(async () => {
  db = await createDatabase()
  owner = await signUp(db, 'Owner')
  teamId = (await createTeam(db, owner, 'Rockets')).id
})
afterAll(() => db[Symbol.asyncDispose]())

const accept = (person: Person, token: string) => call(db, person, 'accept_invitation', { token })
const peek = (person: Person, token: string) =>
  call<InvitationPreview>(db, person, 'peek_invitation', { token })
const revoke = (by: Person, invitation_id: string) => call(db, by, 'revoke_invitation', { invitation_id })
const teamNow = () => call<TeamSnapshot>(db, owner, 'team_snapshot', { team_id: teamId })
const eventsAfter = async (seq: number) =>
  (await call<EventPage>(db, owner, 'read_events', { topic: `team:${teamId}`, after_seq: seq })).events
const letExpire = (id: string) =>
  db.sql`update invitations set expires_at = now() - interval '1 second' where id = ${id}`

describe('an invitation', () => {
  test('lets the person in with its role, once', async () => {
    const person = await signUp(db, 'Newcomer')
    const { invitation, token } = await invite(db, owner, teamId, person.email, 'senior')
    const { seq } = await teamNow()
    expect(await accept(person, token)).toMatchObject({
      team_id: teamId,
      team_name: 'Rockets',
      role: 'senior',
    })
    expect(await eventsAfter(seq)).toMatchObject([
      { kind: 'member.joined', payload: { user_id: person.sub, display_name: 'Newcomer', role: 'senior' } },
      { kind: 'invitation.closed', payload: { id: invitation.id, outcome: 'accepted' } },
    ])
    await expect(accept(person, token)).rejects.toMatchObject({ code: 'BT007' })
    await call(db, person, 'leave_team', { team_id: teamId })
    await expect(accept(person, token)).rejects.toMatchObject({ code: 'BT007' })
  })

  test('is bound to its address, in any case of letters', async () => {
    const person = await signUp(db, 'Mixed', { email: 'mixed@people.test' })
    const other = await signUp(db, 'Other')
    const { token } = await invite(db, owner, teamId, '  MiXed@People.TEST ', 'member')
    await expect(accept(other, token)).rejects.toMatchObject({ code: 'BT008' })
    expect(await accept(person, token)).toMatchObject({ team_id: teamId })
  })

  test('waits until the address is confirmed', async () => {
    const person = await signUp(db, 'Hasty', { confirmed: false })
    const { token } = await invite(db, owner, teamId, person.email, 'member')
    await expect(accept(person, token)).rejects.toMatchObject({ code: 'BT010' })
    await db.sql`update auth.users set email_confirmed_at = now() where id = ${person.sub}`
    expect(await accept(person, token)).toMatchObject({ team_id: teamId })
  })

  test('expires after 7 days, before anybody has noticed and after', async () => {
    const person = await signUp(db, 'Late')
    const { invitation, token } = await invite(db, owner, teamId, person.email, 'member')
    expect(Date.parse(invitation.expires_at) - Date.parse(invitation.created_at)).toBeCloseTo(
      7 * 86_400_000,
      -3,
    )
    await letExpire(invitation.id)
    await expect(accept(person, token)).rejects.toMatchObject({ code: 'BT006' })
    const { seq } = await teamNow()
    expect(await call(db, service, 'tick')).toMatchObject({ expired_invitations: 1 })
    expect(await eventsAfter(seq)).toMatchObject([
      { kind: 'invitation.closed', payload: { id: invitation.id, outcome: 'expired' } },
    ])
    await expect(accept(person, token)).rejects.toMatchObject({ code: 'BT006' })
    expect(await peek(person, token)).toMatchObject({ state: 'expired' })
  })

  test('that is withdrawn cannot be used, and withdrawing it again is no event', async () => {
    const person = await signUp(db, 'Unlucky')
    const { invitation, token } = await invite(db, owner, teamId, person.email, 'member')
    await revoke(owner, invitation.id)
    await expect(accept(person, token)).rejects.toMatchObject({ code: 'BT007' })
    const { seq } = await teamNow()
    await revoke(owner, invitation.id)
    expect((await teamNow()).seq).toBe(seq)
  })

  test('replaces the open one for the same address', async () => {
    const person = await signUp(db, 'Twice')
    const first = await invite(db, owner, teamId, person.email, 'member')
    const second = await invite(db, owner, teamId, person.email.toUpperCase(), 'admin')
    expect((await teamNow()).invitations.filter(({ email }) => email === person.email)).toEqual([
      second.invitation,
    ])
    await expect(accept(person, first.token)).rejects.toMatchObject({ code: 'BT007' })
    expect(await accept(person, second.token)).toMatchObject({ role: 'admin' })
  })

  test('is refused to those who are in the team already', async () => {
    const person = await signUp(db, 'Insider')
    await join(db, owner, teamId, person, 'member')
    await expect(invite(db, owner, teamId, person.email, 'senior')).rejects.toMatchObject({ code: 'BT009' })
    const outsider = await signUp(db, 'Outsider')
    const { token } = await invite(db, owner, teamId, outsider.email, 'member')
    await db.sql`insert into memberships values (${teamId}, ${outsider.sub}, 'member')`
    await expect(accept(outsider, token)).rejects.toMatchObject({ code: 'BT009' })
  })

  test.for([
    '',
    'nobody',
    'a@b',
    'a b@c.test',
    'a@b.test\nbcc: x@y.test',
    `${'a'.repeat(65)}@b.test`,
    '<a@b.test>',
  ])('is not sent to "%s"', async (email) => {
    await expect(invite(db, owner, teamId, email, 'member')).rejects.toMatchObject({ code: 'BT004' })
  })

  test('names no role that does not exist', async () => {
    await expect(invite(db, owner, teamId, 'a@b.test', null as never)).rejects.toMatchObject({
      code: 'BT004',
    })
  })

  test('can be looked at by who holds the link, and by nobody with another', async () => {
    const person = await signUp(db, 'Curious')
    const { token } = await invite(db, owner, teamId, person.email, 'member')
    const preview = {
      team_id: teamId,
      team_name: 'Rockets',
      role: 'member',
      invited_by: 'Owner',
      state: 'open',
    }
    expect(await peek(person, token)).toMatchObject({ ...preview, is_yours: true })
    expect(await peek(await signUp(db, 'Other'), token)).toMatchObject({ ...preview, is_yours: false })
    for (const wrong of ['', 'nonsense', `${token}x`]) {
      await expect(peek(person, wrong)).rejects.toMatchObject({ code: 'BT003' })
      await expect(accept(person, wrong)).rejects.toMatchObject({ code: 'BT003' })
    }
  })

  test('leaves no trace of its token but a hash', async () => {
    const { token } = await invite(db, owner, teamId, 'secret@people.test', 'member')
    expect(Buffer.from(token, 'base64url')).toHaveLength(32)
    for (const table of ['invitations', 'events', 'realtime.messages']) {
      const rows = await db.sql.unsafe(`select from ${table} t where t::text like '%' || $1 || '%'`, [token])
      expect(rows).toHaveLength(0)
    }
  })

  test('is limited to 200 an hour for one team', async () => {
    const { id } = await createTeam(db, owner, 'Busy')
    await db.sql`
      insert into invitations (team_id, email, role, token_hash, invited_by)
      select ${id}, n || '@people.test', 'member', sha256(('busy' || n)::bytea), ${owner.sub} from generate_series(1, 200) n`
    await expect(invite(db, owner, id, 'onemore@people.test', 'member')).rejects.toMatchObject({
      code: 'BT011',
    })
    await db.sql`update invitations set created_at = now() - interval '2 hours' where team_id = ${id}`
    await invite(db, owner, id, 'onemore@people.test', 'member')
  })
})

describe('the mail of an invitation', () => {
  const claim = () => call<ClaimedMail | null>(db, service, 'claim_mail', { worker: 'test' })

  test('is not written while nobody knows where the app is', async () => {
    expect(await invite(db, owner, teamId, 'unmailed@people.test', 'member')).toMatchObject({ mailed: false })
    expect(await claim()).toBeNull()
  })

  test('holds the link, and names that cannot become markup', async () => {
    await call(db, service, 'set_setting', { key: 'app_url', value: 'https://app.test/' })
    const inviter = await signUp(db, '<b>"Eve" & Co</b>')
    const { id } = await createTeam(db, inviter, '<script>')
    const { token, mailed } = await invite(db, inviter, id, 'reader@people.test', 'member')
    expect(mailed).toBe(true)
    const mail = await claim()
    expect(mail).toMatchObject({
      to_address: 'reader@people.test',
      subject: '<b>"Eve" & Co</b> invites you to <script>',
      text_body: expect.stringContaining(`https://app.test/invite#${token}`),
      html_body: expect.stringContaining(`<a href="https://app.test/invite#${token}">`),
    })
    expect(mail!.html_body).toContain('&lt;b&gt;&quot;Eve&quot; &amp; Co&lt;/b&gt;')
    expect(mail!.html_body).not.toMatch(/<script>|<b>/)
  })

  test('is not sent any more once the invitation is closed', async () => {
    const { invitation } = await invite(db, owner, teamId, 'regret@people.test', 'member')
    await revoke(owner, invitation.id)
    expect(await claim()).toBeNull()
    const [mail] =
      await db.sql`select state, text_body, html_body from mails where to_address = 'regret@people.test'`
    expect(mail).toEqual({ state: 'failed', text_body: null, html_body: null })
  })

  test('leads to no address that is none', async () => {
    for (const [key, value] of [
      ['app_url', 'javascript:alert(1)'],
      ['app_url', 'https://app.test/?a=b'],
      ['app_url', null],
      ['other', 'https://app.test'],
    ] as const) {
      await expect(call(db, service, 'set_setting', { key, value })).rejects.toMatchObject({ code: 'BT004' })
    }
  })
})
