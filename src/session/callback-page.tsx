import type { EmailOtpType } from '@supabase/auth-js'
import { Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { type BatonError, sentenceOf, toBatonError } from '../errors.ts'
import { buttonClass } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Spinner } from '../ui/spinner.tsx'
import { type Arrival, currentArrival, forgetArrival } from './arrival.ts'
import { AuthPage } from './auth-page.tsx'
import { loadAuth, orThrow } from './session.ts'

/** Where the links in mails arrive. */
export function CallbackPage() {
  const navigate = useNavigate()
  const [error, setError] = useState<BatonError | null>(null)
  useEffect(() => {
    const arrival = currentArrival()
    const leave = () => {
      forgetArrival()
      return navigate({ to: isRecovery(arrival) ? '/new-password' : '/', replace: true })
    }
    admitOnce(arrival).then(leave, (cause) => setError(toBatonError(cause)))
  }, [navigate])

  if (error) return <LinkRefused error={error} />
  return (
    <AuthPage title="Signing you in">
      <Spinner className="text-muted" />
    </AuthPage>
  )
}

const isRecovery = (arrival: Arrival | null) =>
  arrival !== null && arrival.kind !== 'refused' && arrival.purpose === 'recovery'

let admission: { arrival: Arrival | null; result: Promise<void> } | null = null

/** A link works once, and an effect may run twice. */
function admitOnce(arrival: Arrival | null): Promise<void> {
  if (admission?.arrival !== arrival) admission = { arrival, result: admit(arrival) }
  return admission?.result ?? Promise.resolve()
}

async function admit(arrival: Arrival | null): Promise<void> {
  if (!arrival) return
  switch (arrival.kind) {
    case 'refused':
      throw toBatonError({ code: arrival.code, message: arrival.description })
    case 'tokens':
      orThrow(
        await (await loadAuth()).setSession({
          access_token: arrival.accessToken,
          refresh_token: arrival.refreshToken,
        }),
      )
      return
    case 'token-hash':
      orThrow(
        await (await loadAuth()).verifyOtp({
          token_hash: arrival.tokenHash,
          type: arrival.purpose as EmailOtpType,
        }),
      )
  }
}

function LinkRefused({ error }: { error: BatonError }) {
  return (
    <AuthPage title="This link did not work">
      <Callout tone="bad">{sentenceOf(error)}</Callout>
      <div className="flex flex-wrap gap-2">
        <Link to="/sign-in" className={buttonClass('primary')}>
          Sign in
        </Link>
        <Link to="/reset-password" className={buttonClass()}>
          Choose a new password
        </Link>
      </div>
    </AuthPage>
  )
}
