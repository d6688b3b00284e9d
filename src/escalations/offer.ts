import { useEffect, useState } from 'react'
import type { Escalation } from '../../supabase/functions/_shared/protocol.ts'
import { useUserId } from '../session/user.ts'

const LINGERS_MS = 1500

/**
 * Whether the button that claims is there. When somebody else is faster it stays for a moment: a press that was on its
 * way meets what it was meant for, and is told who has it, instead of what came into that place.
 */
export function useOffer({ id, state, claimed_by }: Escalation, mayClaim: boolean): boolean {
  const selfId = useUserId()
  const isOpen = mayClaim && state === 'open'
  const [offered, setOffered] = useState<string | null>(null)
  if (isOpen && offered !== id) setOffered(id)
  const lingers = offered === id && state === 'claimed' && claimed_by !== selfId
  useEffect(() => {
    if (!lingers) return
    const timer = setTimeout(setOffered, LINGERS_MS, null)
    return () => clearTimeout(timer)
  }, [lingers])
  return isOpen || lingers
}
