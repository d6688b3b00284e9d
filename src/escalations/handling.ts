/** What can be done with an escalation, and for whom; used on the page of it and in its chat. */
import { useMutation } from '@tanstack/react-query'
import type { Escalation } from '../../supabase/functions/_shared/protocol.ts'
import { sentenceOf, toBatonError } from '../errors.ts'
import { rpc } from '../rpc.ts'
import { useUser } from '../session/user.ts'
import { showToast } from '../ui/toasts.ts'
import { mayCancel, mayClaim, mayHandle } from './rights.ts'

export type Deed = 'release' | 'reassign' | 'return' | 'resolve' | 'cancel'

export function useDeeds(escalation: Escalation): ReadonlySet<Deed> {
  const { memberships, profile } = useUser()
  const role = memberships.find(({ team_id }) => team_id === escalation.team_id)?.role
  if (!role) return new Set()
  const mayGive = escalation.state === 'open' && mayClaim(role) && role !== 'senior'
  const deeds: Deed[] = [
    ...(mayHandle(escalation, role, profile.user_id)
      ? (['resolve', 'return', 'reassign', 'release'] as const)
      : mayGive
        ? (['reassign'] as const)
        : []),
    ...(mayCancel(escalation, role, profile.user_id) ? (['cancel'] as const) : []),
  ]
  return new Set(deeds)
}

/** Does it, and says why not when it is refused; what it changed arrives as an event. */
export function useDeed(failure: string, onDone?: () => void) {
  return useMutation({
    networkMode: 'always',
    mutationFn: (deed: () => Promise<unknown>) => deed(),
    onSuccess: () => onDone?.(),
    onError: (cause) => showToast({ tone: 'bad', title: failure, body: sentenceOf(toBatonError(cause)) }),
  })
}

export const release = (id: string) => () => rpc('release_escalation', { escalation_id: id })
export const cancel = (id: string) => () => rpc('cancel_escalation', { escalation_id: id })
