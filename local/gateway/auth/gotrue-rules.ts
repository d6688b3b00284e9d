/**
 * Where the auth library of the embedded stack differs from GoTrue in something that matters, this puts GoTrue's rule
 * in its place, for the service object of one request:
 *
 * - nothing tells whether an address has an account: signing up twice looks the same, and a wrong password is refused
 *   before an unconfirmed address is;
 * - an address counts as confirmed only after its owner followed a link, also when a sign-in link creates the account;
 * - a new password signs out all other sessions of the person;
 * - a link leads to the app and nowhere else;
 * - what writes several rows does so in one transaction.
 */
import { createHash, randomBytes, randomInt, randomUUID } from 'node:crypto'

type User = { id: string; email: string | null; email_confirmed_at: string | null }
type UserUpdates = { password?: string; email?: string; data?: Record<string, unknown> }
type Repository = {
  findUserByEmail(email: string): Promise<User | null>
  updateUser(id: string, updates: object): Promise<unknown>
  deleteRefreshTokensForUser(userId: string, exceptSessionId?: string): Promise<void>
  deleteUserSessions(userId: string, exceptSessionId?: string): Promise<void>
  transaction<Result>(run: (repository: Repository) => Promise<Result>): Promise<Result>
}
type SignedUp<AnyUser, Session> = { user: AnyUser; session?: Session }

export type AuthService<AnyUser, Session> = {
  repo: Repository
  resolveEmailRedirect(target?: string | null): string
  signUp(
    email: string | undefined,
    password: string | undefined,
    data?: Record<string, unknown>,
  ): Promise<SignedUp<AnyUser, Session>>
  signInWithPassword(email: string | undefined, password: string | undefined): Promise<Session>
  signInWithOtp(email: string | undefined, options?: { shouldCreateUser?: boolean }): Promise<void>
  requestMagicLink(email: string | undefined): Promise<void>
  refreshSession(refreshToken: string | undefined): Promise<Session>
  resend(type: string, email: string | undefined): Promise<void>
  getUser(id: string): Promise<AnyUser>
  updateUser(id: string, updates: UserUpdates): Promise<AnyUser>
}

export type AuthRules = {
  allowedRedirect(target: string | null | undefined): string
  sendConfirmation(email: string, tokenHash: string, code: string): Promise<void>
  sessionId(): string | undefined
  codeLength: number
}

export function applyGoTrueRules<AnyUser, Session>(
  service: AuthService<AnyUser, Session>,
  rules: AuthRules,
): void {
  const library = {
    signUp: inTransaction(service, service.signUp),
    signInWithPassword: service.signInWithPassword,
    signInWithOtp: inTransaction(service, service.signInWithOtp),
    updateUser: inTransaction(service, service.updateUser),
    resend: service.resend,
    refreshSession: service.refreshSession,
    refreshSessionAtOnce: inTransaction(service, service.refreshSession),
  }

  service.resolveEmailRedirect = rules.allowedRedirect

  service.refreshSession = async (refreshToken) => {
    try {
      return await library.refreshSessionAtOnce(refreshToken)
    } catch (error) {
      if (codeOf(error) !== 'refresh_token_already_used') throw error
      // The library ends the session of a stolen token before it refuses it, which the transaction has undone.
      return library.refreshSession.call(service, refreshToken)
    }
  }

  service.signUp = async (email, password, data) => {
    try {
      return await library.signUp(email, password, data)
    } catch (error) {
      if (codeOf(error) !== 'over_email_send_rate_limit') throw error
      return { user: await signUpAgain(email as string) }
    }
  }

  const signUpAgain = async (email: string): Promise<AnyUser> => {
    const user = await service.repo.findUserByEmail(email)
    if (!user || user.email_confirmed_at) return nobody(email) as AnyUser
    await confirm(user)
    return service.getUser(user.id)
  }

  const confirm = async (user: User) => {
    const email = user.email as string
    const code = randomCode(rules.codeLength)
    const tokenHash = hashOf(email, code)
    await service.repo.updateUser(user.id, {
      confirmation_token: tokenHash,
      confirmation_sent_at: new Date().toISOString(),
    })
    await rules.sendConfirmation(email, tokenHash, code)
  }

  service.signInWithPassword = async (email, password) => {
    try {
      return await library.signInWithPassword.call(service, email, password)
    } catch (error) {
      if (codeOf(error) === 'email_not_confirmed') await provePassword(email as string, password)
      throw error
    }
  }

  /** Signs in to a copy on which the address is confirmed and no session comes of it; throws on a wrong password. */
  const provePassword = async (email: string, password: string | undefined) => {
    const user = await service.repo.findUserByEmail(email)
    const confirmed = { ...user, email_confirmed_at: new Date().toISOString() }
    const repo = Object.assign(Object.create(service.repo), { findUserByEmail: async () => confirmed })
    const copy = Object.assign(Object.create(service), { repo, createSessionForUser: async () => undefined })
    await library.signInWithPassword.call(copy, email, password)
  }

  service.signInWithOtp = async (email, options) => {
    const user = email ? await service.repo.findUserByEmail(email) : null
    const mayCreate = options?.shouldCreateUser !== false
    if (email && !user?.email_confirmed_at && (user || mayCreate)) {
      await service.signUp(email, randomBytes(32).toString('base64url'))
      return
    }
    await library.signInWithOtp(email, options)
  }
  service.requestMagicLink = (email) => service.signInWithOtp(email)

  service.resend = async (type, email) => {
    if (type !== 'signup' || !email) return library.resend.call(service, type, email)
    const user = await service.repo.findUserByEmail(email)
    if (user && !user.email_confirmed_at) await confirm(user)
  }

  service.updateUser = async (id, updates) => {
    const user = await library.updateUser(id, updates)
    if (updates.password !== undefined) {
      await service.repo.deleteRefreshTokensForUser(id, rules.sessionId())
      await service.repo.deleteUserSessions(id, rules.sessionId())
    }
    return user
  }
}

function inTransaction<Arguments extends unknown[], Result>(
  service: { repo: Repository },
  method: (...args: Arguments) => Promise<Result>,
): (...args: Arguments) => Promise<Result> {
  return (...args) => {
    const outer = service.repo
    return outer.transaction(async (repo) => {
      service.repo = repo
      try {
        return await method.apply(service, args)
      } finally {
        service.repo = outer
      }
    })
  }
}

/** What somebody sees who signs up with an address that already has an account: nothing of that account. */
function nobody(email: string) {
  const now = new Date().toISOString()
  return {
    id: randomUUID(),
    aud: 'authenticated',
    role: '',
    email: email.toLowerCase(),
    phone: '',
    confirmation_sent_at: now,
    app_metadata: { provider: 'email', providers: ['email'] },
    user_metadata: {},
    identities: [],
    created_at: now,
    updated_at: now,
    is_anonymous: false,
  }
}

const codeOf = (error: unknown): unknown => (error as { code?: unknown } | null)?.code

const randomCode = (length: number) => Array.from({ length }, () => randomInt(10)).join('')

const hashOf = (email: string, code: string) =>
  createHash('sha256')
    .update(email.toLowerCase() + code)
    .digest('hex')
