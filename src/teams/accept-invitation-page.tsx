import { Link, useNavigate, useRouteContext } from '@tanstack/react-router'
import { type ReactNode, useEffect, useState } from 'react'
import type { InvitationPreview } from '../../supabase/functions/_shared/protocol.ts'
import { type BatonError, sentenceOf, toBatonError } from '../errors.ts'
import { rpc } from '../rpc.ts'
import { AuthPage } from '../session/auth-page.tsx'
import { signOut } from '../session/session.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { useForm } from '../use-form.ts'
import { forgetInvitation, heldInvitation } from './invitation-link.ts'
import { ROLE_MEANINGS } from './rights.ts'

export function AcceptInvitationPage() {
  const { session } = useRouteContext({ from: '/app/invite' })
  const [token] = useState(heldInvitation)
  if (!token) return <NoInvitation />
  if (!session) return <SignInFirst />
  return <Preview token={token} ownEmail={session.user.email ?? ''} />
}

function NoInvitation() {
  return (
    <AuthPage
      title="No invitation here"
      lead="Open the link of your invitation once more: it is in the mail that you got."
    >
      <GoHome />
    </AuthPage>
  )
}

function SignInFirst() {
  return (
    <AuthPage
      title="You are invited"
      lead="Someone wants you in their team on Baton. Sign in, or create an account, with the address that the invitation was sent to."
    >
      <div className="flex flex-col gap-2">
        <Link to="/sign-up" search={{ next: '/invite' }} className={buttonClass('primary', 'h-9')}>
          Create an account
        </Link>
        <Link to="/sign-in" search={{ next: '/invite' }} className={buttonClass('secondary', 'h-9')}>
          Sign in
        </Link>
      </div>
    </AuthPage>
  )
}

type Peek =
  | { state: 'loading' }
  | { state: 'seen'; invitation: InvitationPreview }
  | { state: 'failed'; error: BatonError }

function Preview({ token, ownEmail }: { token: string; ownEmail: string }) {
  const [attempt, setAttempt] = useState(0)
  const peek = usePeek(token, attempt)
  if (peek.state === 'loading') {
    return (
      <AuthPage title="Your invitation">
        <Skeleton className="w-4/5" />
        <Skeleton className="h-9" />
      </AuthPage>
    )
  }
  if (peek.state === 'failed') {
    return (
      <AuthPage title="Your invitation">
        <Callout tone="bad">{sentenceOf(peek.error)}</Callout>
        <Button onClick={() => setAttempt(attempt + 1)}>Try again</Button>
        <GoHome />
      </AuthPage>
    )
  }
  const { invitation } = peek
  if (!invitation.is_yours) return <ForSomeoneElse invitation={invitation} ownEmail={ownEmail} />
  if (invitation.state !== 'open') return <Closed invitation={invitation} />
  return <Accept token={token} invitation={invitation} />
}

function usePeek(token: string, attempt: number): Peek {
  const [peek, setPeek] = useState<Peek>({ state: 'loading' })
  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt asks again
  useEffect(() => {
    const request = new AbortController()
    setPeek({ state: 'loading' })
    rpc('peek_invitation', { token }, request.signal).then(
      (invitation) => setPeek({ state: 'seen', invitation }),
      (cause) => !request.signal.aborted && setPeek({ state: 'failed', error: toBatonError(cause) }),
    )
    return () => request.abort()
  }, [token, attempt])
  return peek
}

function Accept({ token, invitation }: { token: string; invitation: InvitationPreview }) {
  const navigate = useNavigate()
  const form = useForm(async () => {
    const { team_id } = await rpc('accept_invitation', { token })
    forgetInvitation()
    await navigate({ to: '/t/$teamId', params: { teamId: team_id }, replace: true })
  })
  return (
    <AuthPage
      title={`Join ${invitation.team_name}`}
      lead={
        <>
          {invitation.invited_by} invited you as <strong className="text-text">{invitation.role}</strong>.{' '}
          {ROLE_MEANINGS[invitation.role]} The invitation expires <TimeAgo at={invitation.expires_at} />.
        </>
      }
    >
      <form onSubmit={form.onSubmit} className="flex flex-col gap-3">
        {form.error && <Callout tone="bad">{sentenceOf(form.error)}</Callout>}
        <Button type="submit" look="primary" pending={form.pending} className="h-9" data-autofocus>
          Join the team
        </Button>
        <Link to="/" className={buttonClass('quiet')}>
          Not now
        </Link>
      </form>
    </AuthPage>
  )
}

const CLOSED: Record<Exclude<InvitationPreview['state'], 'open'>, string> = {
  accepted: 'This invitation was accepted already.',
  revoked: 'This invitation was withdrawn.',
  expired: 'This invitation has expired.',
}

function Closed({ invitation }: { invitation: InvitationPreview }) {
  const reason = invitation.state === 'open' ? '' : CLOSED[invitation.state]
  return (
    <AuthPage
      title={reason}
      lead={
        invitation.state === 'accepted'
          ? `If it was you, ${invitation.team_name} is among your teams.`
          : `Ask ${invitation.invited_by} for a new one to ${invitation.team_name}.`
      }
    >
      <GoHome />
    </AuthPage>
  )
}

function ForSomeoneElse({ invitation, ownEmail }: { invitation: InvitationPreview; ownEmail: string }) {
  return (
    <AuthPage title="This invitation is for another address">
      <p className="text-muted wrap-anywhere">
        It was sent to <Strong>{invitation.email}</Strong>, and you are signed in as{' '}
        <Strong>{ownEmail}</Strong>. Sign in with the other address, or ask {invitation.invited_by} to invite
        this one.
      </p>
      <Button look="primary" className="h-9" onClick={() => signOut('/sign-in?next=%2Finvite')}>
        Use another account
      </Button>
      <GoHome />
    </AuthPage>
  )
}

const Strong = ({ children }: { children: ReactNode }) => <strong className="text-text">{children}</strong>

function GoHome() {
  return (
    <Link to="/" className={buttonClass('quiet')} onClick={forgetInvitation}>
      Go to Baton
    </Link>
  )
}
